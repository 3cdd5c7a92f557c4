package io.tcplab.loadgen.inspect;

import io.tcplab.companion.tls.EngineTrust;
import io.tcplab.kernel.host.Endpoint;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of TLS, by the JDK. Sessions are resumed among the engines of one client; whether one was resumed shows in
 * that the server sent no certificate.
 */
public final class TlsClient {

    private final Endpoint server;
    private final boolean http;
    private final boolean insecure;
    private final SSLContext context;
    private final AtomicInteger certificates = new AtomicInteger();
    private final Set<SSLEngine> asked = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private TlsClient(Endpoint server, boolean http, boolean insecure) {
        this.server = server;
        this.http = http;
        this.insecure = insecure;
        try {
            this.context = SSLContext.getInstance("TLS");
            context.init(
                    new KeyManager[] {new Asked()}, new TrustManager[] {new Counting(insecure ? null : usual())}, null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    /** A client that knows no session yet; {@code http} offers HTTP/1.1 (ALPN), {@code insecure} accepts every certificate. */
    static TlsClient of(Endpoint server, boolean http, boolean insecure) {
        return new TlsClient(server, http, insecure);
    }

    /** As this one, and knows no session. */
    public TlsClient fresh() {
        return new TlsClient(server, http, insecure);
    }

    private static X509ExtendedTrustManager usual() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        for (TrustManager each : factory.getTrustManagers()) {
            if (each instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new GeneralSecurityException("no trust manager");
    }

    /** An engine for one connection, with these versions of TLS only where any is named. */
    SSLEngine engine(List<String> versions) {
        SSLEngine engine = context.createSSLEngine(server.host(), server.port());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        if (http) {
            // A server of another protocol may refuse a client that offers only this one (RFC 7301 §3.2).
            parameters.setApplicationProtocols(new String[] {"http/1.1"});
        }
        if (server.literal().isEmpty()) {
            parameters.setServerNames(List.of(name(server.serverName())));
        }
        if (!insecure) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        engine.setSSLParameters(parameters);
        if (!versions.isEmpty()) {
            engine.setEnabledProtocols(versions.toArray(String[]::new));
        }
        return engine;
    }

    /** The JDK takes no underscore, as names of containers have, in a host's name. */
    private static SNIServerName name(String host) {
        try {
            return new SNIHostName(host);
        } catch (IllegalArgumentException _) {
            return new SNIServerName(StandardConstants.SNI_HOST_NAME, host.getBytes(StandardCharsets.UTF_8)) {};
        }
    }

    /** How many times a server has shown its certificate. */
    public int certificatesSeen() {
        return certificates.get();
    }

    /** Whether the server has asked for a client's certificate in this engine's handshake; it was given none. */
    boolean isAskedForCertificate(SSLEngine engine) {
        return asked.contains(engine);
    }

    /** Has no certificate, and notes who asks for one: the alert of who demands it may be lost to the RST behind it. */
    private final class Asked extends X509ExtendedKeyManager {

        @Override
        public @Nullable String chooseEngineClientAlias(
                String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
            boolean _ = asked.add(engine);
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }

        @Override
        public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            return null;
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            return null;
        }
    }

    private final class Counting extends EngineTrust {
        private final @Nullable X509ExtendedTrustManager judge;

        Counting(@Nullable X509ExtendedTrustManager judge) {
            this.judge = judge;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            int _ = certificates.incrementAndGet();
            if (judge != null) {
                judge.checkServerTrusted(chain, type, engine);
            }
        }
    }
}
