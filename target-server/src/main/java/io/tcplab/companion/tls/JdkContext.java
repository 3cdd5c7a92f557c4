package io.tcplab.companion.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** The JDK's own TLS, for machines that BoringSSL has no native library for. Its sessions are kept by the JDK, one for a name. */
final class JdkContext implements TlsContext {

    private static final char[] NO_PASSWORD = new char[0];
    private static final int HTTPS = 443;

    private final SSLContext context;
    private final @Nullable Client client;
    private final List<String> alpn;

    /** The connection whose handshake is in progress in this thread's call; a client's alone. */
    @Nullable
    JdkEngine active;

    private JdkContext(@Nullable Client client, @Nullable TlsIdentity identity, List<String> alpn) {
        this.client = client;
        this.alpn = alpn;
        try {
            context = SSLContext.getInstance("TLS");
            TrustManager[] trust = client == null ? null : new TrustManager[] {new Judging(client.trust())};
            context.init(identity == null ? null : keys(identity), trust, null);
        } catch (Exception refused) {
            throw new IllegalArgumentException(
                    "the certificate and its key cannot be used: " + refused.getMessage(), refused);
        }
    }

    static JdkContext client(Client client) {
        return new JdkContext(client, client.identity(), client.alpn());
    }

    static JdkContext server(TlsIdentity identity, List<String> alpn) {
        return new JdkContext(null, identity, alpn);
    }

    private static KeyManager[] keys(TlsIdentity identity) throws Exception {
        Certificate[] chain = CertificateFactory.getInstance("X.509")
                .generateCertificates(
                        new ByteArrayInputStream(identity.certificatePem().getBytes(StandardCharsets.US_ASCII)))
                .toArray(Certificate[]::new);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        store.setKeyEntry("own", key(identity.keyPem()), NO_PASSWORD, chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static PrivateKey key(String pem) throws GeneralSecurityException {
        String begin = "-----BEGIN PRIVATE KEY-----";
        int from = pem.indexOf(begin);
        if (from < 0) {
            throw new InvalidKeySpecException("the JDK reads keys in PKCS #8 alone (BEGIN PRIVATE KEY)");
        }
        byte[] der =
                Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), pem.indexOf("-----END", from)));
        InvalidKeySpecException none = new InvalidKeySpecException("a key of no known algorithm");
        for (String algorithm : List.of("EC", "RSA", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException other) {
                none.addSuppressed(other);
            }
        }
        throw none;
    }

    @Override
    public TlsEngine open(boolean resume) {
        Client own = client;
        SSLEngine engine = own != null && resume
                ? context.createSSLEngine(own.serverName() == null ? "peer" : own.serverName(), HTTPS)
                : context.createSSLEngine();
        engine.setUseClientMode(own != null);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(alpn.toArray(String[]::new));
        if (own != null) {
            parameters.setServerNames(
                    own.serverName() == null ? List.of() : List.of(new SNIHostName(own.serverName())));
            parameters.setProtocols(
                    own.versions().stream().map(TlsVersion::text).toArray(String[]::new));
        } else {
            parameters.setProtocols(new String[] {TlsVersion.V1_2.text(), TlsVersion.V1_3.text()});
        }
        engine.setSSLParameters(parameters);
        return new JdkEngine(engine, this, own != null);
    }

    @Override
    public int sessions() {
        return Integer.MAX_VALUE;
    }

    /** The JDK does not tell. */
    @Override
    public long sessionsGiven() {
        return Long.MAX_VALUE;
    }

    @Override
    public void close() {
        // The collector's.
    }

    /** Judges a server's certificate, which happens in full handshakes alone. */
    private final class Judging extends EngineTrust {

        private final TlsTrust trust;

        Judging(TlsTrust trust) {
            this.trust = trust;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String method, SSLEngine engine)
                throws CertificateException {
            JdkEngine judged = active;
            if (judged == null) {
                throw new CertificateException("no handshake is in progress");
            }
            judged.full();
            byte[][] encoded = new byte[chain.length][];
            for (int i = 0; i < chain.length; i++) {
                encoded[i] = encoded(chain[i]);
            }
            TlsTrust.Refusal refusal = trust.judge(encoded);
            if (refusal != null) {
                judged.refused(refusal.sentence());
                throw new CertificateException(refusal.sentence());
            }
        }

        private static byte[] encoded(X509Certificate certificate) throws CertificateEncodingException {
            return certificate.getEncoded();
        }
    }
}
