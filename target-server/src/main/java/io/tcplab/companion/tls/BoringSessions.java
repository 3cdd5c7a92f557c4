package io.tcplab.companion.tls;

import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLSession;
import io.netty.internal.tcnative.SSLSessionCache;

/**
 * The sessions that a client's connections to one server have been given, newest first: tickets that serve once (TLS 1.3, RFC 8446
 * §C.4) are given away, a session of TLS 1.2 is kept. Beyond {@link #MOST} the oldest goes. Confined to one thread.
 */
final class BoringSessions implements SSLSessionCache {

    static final int MOST = 4096;

    /** Addresses of SSL_SESSION, a ring. */
    private final long[] kept = new long[MOST];

    private int next;
    private int size;
    private long given;

    /** Called by BoringSSL within a handshake or a read; true = the session is ours to free. */
    @Override
    public boolean sessionCreated(long ssl, long session) {
        if (size == MOST) {
            SSLSession.free(kept[next]);
        } else {
            size++;
        }
        given++;
        kept[next] = session;
        next = (next + 1) % MOST;
        return true;
    }

    /** A server's lookup by session id: nothing. */
    @Override
    public long getSession(long ssl, byte[] sessionId) {
        return -1;
    }

    int size() {
        return size;
    }

    long given() {
        return given;
    }

    /** Gives a connection the newest session, if there is one. */
    void give(long ssl) {
        if (size == 0) {
            return;
        }
        int newest = Math.floorMod(next - 1, MOST);
        long session = kept[newest];
        boolean once = SSLSession.shouldBeSingleUse(session);
        SSL.setSession(ssl, session);
        if (once) {
            SSLSession.free(session);
            next = newest;
            size--;
        }
    }

    void close() {
        while (size > 0) {
            next = Math.floorMod(next - 1, MOST);
            size--;
            SSLSession.free(kept[next]);
        }
    }
}
