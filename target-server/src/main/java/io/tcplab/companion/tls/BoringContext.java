package io.tcplab.companion.tls;

import io.netty.internal.tcnative.CertificateVerifier;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLContext;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * BoringSSL's SSL_CTX, by Netty's binding netty-tcnative. Its SSLEngine is left out: between it and these calls there is a copy, a
 * lock and some thirty objects for each connection.
 */
final class BoringContext implements TlsContext {

    /** Certificates that a chain may have, as OpenSSL's default. */
    private static final int CHAIN_LENGTH = 100;

    private final long context;
    private final boolean server;
    private final @Nullable String serverName;
    private final BoringSessions sessions;
    private boolean closed;

    /** The identity that is shown; 0 = none. */
    private long chain;

    private long key;

    /** Why the certificate that was judged last was refused. The judgement is made within the handshake's own call. */
    private @Nullable String refusal;

    private BoringContext(boolean server, @Nullable String serverName, List<TlsVersion> versions) {
        this.server = server;
        this.serverName = serverName;
        try {
            context = SSLContext.make(
                    SSL.SSL_PROTOCOL_TLSV1_2 | SSL.SSL_PROTOCOL_TLSV1_3,
                    server ? SSL.SSL_MODE_SERVER : SSL.SSL_MODE_CLIENT);
        } catch (Exception refused) {
            throw new IllegalStateException("BoringSSL: " + refused.getMessage(), refused);
        }
        sessions = new BoringSessions();
        if (!versions.contains(TlsVersion.V1_3)) {
            SSLContext.setOptions(context, SSL.SSL_OP_NO_TLSv1_3);
        }
        if (!versions.contains(TlsVersion.V1_2)) {
            SSLContext.setOptions(context, SSL.SSL_OP_NO_TLSv1_2);
        }
        SSLContext.clearOptions(context, SSL.SSL_OP_NO_TICKET);
        SSLContext.setMode(
                context,
                SSLContext.getMode(context)
                        | SSL.SSL_MODE_ENABLE_PARTIAL_WRITE
                        | SSL.SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
                        | SSL.SSL_MODE_RELEASE_BUFFERS);
        SSLContext.setUseTasks(context, false);
    }

    static BoringContext client(Client client) {
        BoringContext made = new BoringContext(false, client.serverName(), client.versions());
        long context = made.context;
        // Also where anyone is trusted: without a verifier this build of BoringSSL refuses every chain.
        SSLContext.setVerify(context, SSL.SSL_CVERIFY_REQUIRED, CHAIN_LENGTH);
        SSLContext.setCertVerifyCallback(context, made.verifier(client.trust()));
        if (!client.alpn().isEmpty()) {
            made.offer(client.alpn());
        }
        if (client.keepsSessions()) {
            SSLContext.setSSLSessionCache(context, made.sessions);
            SSLContext.setSessionCacheMode(context, SSL.SSL_SESS_CACHE_CLIENT);
        }
        Consumer<byte[]> keyLog = client.keyLog();
        if (keyLog != null) {
            boolean _ = SSLContext.setKeyLogCallback(context, (_, line) -> keyLog.accept(line));
        }
        TlsIdentity identity = client.identity();
        if (identity != null) {
            made.show(identity);
        }
        return made;
    }

    static BoringContext server(TlsIdentity identity, List<String> alpn) {
        BoringContext made = new BoringContext(true, null, List.of(TlsVersion.values()));
        SSLContext.setVerify(made.context, SSL.SSL_CVERIFY_NONE, CHAIN_LENGTH);
        made.show(identity);
        if (!alpn.isEmpty()) {
            made.offer(alpn);
        }
        return made;
    }

    private void offer(List<String> alpn) {
        SSLContext.setAlpnProtos(context, alpn.toArray(String[]::new), SSL.SSL_SELECTOR_FAILURE_NO_ADVERTISE);
    }

    private CertificateVerifier verifier(TlsTrust trust) {
        return new CertificateVerifier() {
            @Override
            public int verify(long ssl, byte[][] chain, String method) {
                TlsTrust.Refusal refused = trust.judge(chain);
                refusal = refused == null ? null : refused.sentence();
                return refused == null
                        ? X509_V_OK
                        : switch (refused.reason()) {
                            case EXPIRED -> X509_V_ERR_CERT_HAS_EXPIRED;
                            case NOT_YET_VALID -> X509_V_ERR_CERT_NOT_YET_VALID;
                            case UNKNOWN_ISSUER -> X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
                            case WRONG_NAME, UNUSABLE -> X509_V_ERR_CERT_REJECTED;
                        };
            }
        };
    }

    /** Reads the identity once; BoringSSL takes it for each connection alone. */
    private void show(TlsIdentity identity) {
        long chainBio = 0;
        long keyBio = 0;
        try {
            chainBio = bio(identity.certificatePem());
            keyBio = bio(identity.keyPem());
            chain = SSL.parseX509Chain(chainBio);
            key = SSL.parsePrivateKey(keyBio, "");
        } catch (Exception refused) {
            throw new IllegalArgumentException(
                    "the certificate and its key cannot be used: " + refused.getMessage(), refused);
        } finally {
            free(chainBio);
            free(keyBio);
        }
        long tried = SSL.newSSL(context, server);
        try {
            giveIdentity(tried);
        } finally {
            SSL.freeSSL(tried);
        }
    }

    private void giveIdentity(long ssl) {
        try {
            SSL.setKeyMaterial(ssl, chain, key);
        } catch (Exception refused) {
            throw new IllegalArgumentException("the key is not the certificate's: " + refused.getMessage(), refused);
        }
    }

    private static long bio(String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        long bio = SSL.newMemBIO();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            SSL.bioWrite(bio, copy.address(), bytes.length);
        }
        return bio;
    }

    private static void free(long bio) {
        if (bio != 0) {
            SSL.freeBIO(bio);
        }
    }

    @Override
    public TlsEngine open(boolean resume) {
        long ssl = SSL.newSSL(context, server);
        if (serverName != null) {
            SSL.setTlsExtHostName(ssl, serverName);
        }
        if (chain != 0) {
            giveIdentity(ssl);
        }
        if (resume) {
            sessions.give(ssl);
        }
        return new BoringEngine(ssl, this, server);
    }

    @Override
    public int sessions() {
        return sessions.size();
    }

    @Override
    public long sessionsGiven() {
        return sessions.given();
    }

    /** Why the certificate that was judged last was refused. */
    @Nullable
    String takeRefusal() {
        String taken = refusal;
        refusal = null;
        return taken;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            sessions.close();
            if (chain != 0) {
                SSL.freeX509Chain(chain);
                SSL.freePrivateKey(key);
            }
            SSLContext.free(context);
        }
    }
}
