package io.tcplab.companion.tls;

import io.netty.internal.tcnative.SSL;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** BoringSSL's SSL of one connection, between a BIO that reads from and writes to memory of ours. */
final class BoringEngine implements TlsEngine {

    /** What BoringSSL may have to send while it reads: a flight of the handshake, an answer to KeyUpdate, an alert. */
    private static final int OUTPUT_BYTES = 4096;

    /** Reasons from here on are alerts that the peer sent (ssl.h, SSL_AD_REASON_OFFSET). */
    private static final int ALERTS_FROM = 1000;

    private static final int REASON_BITS = 0xfff;

    private final BoringContext context;
    private final long ssl;
    private final long bio;
    private final boolean server;

    /** Where the bytes that were fed end; 0 = there are none. */
    private long fedEnd;

    private int written;
    private @Nullable TlsFailure failure;

    BoringEngine(long ssl, BoringContext context, boolean server) {
        this.server = server;
        this.ssl = ssl;
        this.context = context;
        bio = SSL.bioNewByteBuffer(ssl, OUTPUT_BYTES);
    }

    @Override
    public void feed(long address, int length) {
        fedEnd = address + length;
        SSL.bioSetByteBuffer(bio, address, length, false);
    }

    @Override
    public int unread() {
        return fedEnd == 0 ? 0 : SSL.bioLengthByteBuffer(bio);
    }

    @Override
    public int handshake() {
        SSL.clearError();
        int result = SSL.doHandshake(ssl);
        if (result <= 0) {
            return outcome(result);
        }
        if (server) {
            // BoringSSL keeps the tickets of TLS 1.3 for the first write; other servers send them at once.
            SSL.writeToSSL(ssl, bio, 0);
            SSL.clearError();
        }
        return DONE;
    }

    @Override
    public int read(long address, int capacity) {
        SSL.clearError();
        int result = SSL.readFromSSL(ssl, address, capacity);
        return result > 0 ? result : outcome(result);
    }

    private int outcome(int result) {
        int error = SSL.getError(ssl, result);
        if (error == SSL.SSL_ERROR_WANT_READ) {
            return MORE;
        } else if (error == SSL.SSL_ERROR_WANT_WRITE) {
            return FULL;
        } else if (error == SSL.SSL_ERROR_ZERO_RETURN) {
            return ENDED;
        }
        failure = failure(error);
        return FAILED;
    }

    private TlsFailure failure(int error) {
        String refusal = context.takeRefusal();
        if (refusal != null) {
            return new TlsFailure(TlsFailure.Kind.CERTIFICATE, refusal);
        }
        int code = SSL.getLastErrorNumber();
        int reason = code & REASON_BITS;
        if (reason >= ALERTS_FROM) {
            return new TlsFailure(TlsFailure.Kind.ALERT, TlsAlert.name(reason - ALERTS_FROM));
        }
        return new TlsFailure(TlsFailure.Kind.PROTOCOL, code == 0 ? "error " + error : words(SSL.getErrorString(code)));
    }

    /** {@code error:1000009e:SSL routines:OPENSSL_internal:UNEXPECTED_RECORD} → {@code unexpected record}. */
    private static String words(String error) {
        return error.substring(error.lastIndexOf(':') + 1).replace('_', ' ').toLowerCase(Locale.ROOT);
    }

    @Override
    public int write(long address, int length, long to, int capacity) {
        fedEnd = 0;
        SSL.bioSetByteBuffer(bio, to, capacity, true);
        SSL.clearError();
        int taken = SSL.writeToSSL(ssl, address, length);
        written = capacity - SSL.bioLengthByteBuffer(bio);
        SSL.bioClearByteBuffer(bio);
        if (taken > 0) {
            return taken;
        }
        return outcome(taken) == FAILED ? FAILED : 0;
    }

    @Override
    public int written() {
        return written;
    }

    @Override
    public void closeNotify() {
        SSL.clearError();
        SSL.shutdownSSL(ssl);
        SSL.clearError();
    }

    @Override
    public int drain(long address, int capacity) {
        if (SSL.bioLengthNonApplication(bio) == 0) {
            return 0;
        }
        int unread = unread();
        SSL.bioSetByteBuffer(bio, address, capacity, true);
        int drained = SSL.bioFlushByteBuffer(bio);
        if (unread > 0) {
            SSL.bioSetByteBuffer(bio, fedEnd - unread, unread, false);
        } else {
            fedEnd = 0;
            SSL.bioClearByteBuffer(bio);
        }
        return drained;
    }

    @Override
    public TlsFailure failure() {
        TlsFailure seen = failure;
        return seen == null ? new TlsFailure(TlsFailure.Kind.PROTOCOL, "unknown") : seen;
    }

    @Override
    public boolean resumed() {
        return SSL.isSessionReused(ssl);
    }

    @Override
    public String version() {
        return SSL.getVersion(ssl);
    }

    @Override
    public String cipher() {
        return SSL.getCipherForSSL(ssl);
    }

    @Override
    public @Nullable String alpn() {
        return SSL.getAlpnSelected(ssl);
    }

    @Override
    public void release() {
        SSL.freeSSL(ssl);
    }
}
