package io.tcplab.loadgen.record;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the handshakes of TLS came to. Written by one thread, read by any. */
public final class TlsTally {

    /** More differing kinds than any one server has. */
    private static final int LIMIT = 64;

    private final List<Kind> kinds = new ArrayList<>();
    private long handshakes;
    private long resumed;
    private long offered;
    private long sentBytes;
    private long receivedBytes;

    private static final class Kind {
        private final String version;
        private final String cipher;
        private final @Nullable String alpn;
        private long count;

        Kind(String version, String cipher, @Nullable String alpn) {
            this.version = version;
            this.cipher = cipher;
            this.alpn = alpn;
        }

        boolean is(String otherVersion, String otherCipher, @Nullable String otherAlpn) {
            return version.equals(otherVersion)
                    && cipher.equals(otherCipher)
                    && (alpn == null ? otherAlpn == null : alpn.equals(otherAlpn));
        }
    }

    /**
     * What was agreed on most often, and all counts.
     *
     * @param version {@code TLSv1.3}; absent without a handshake
     * @param cipher the cipher suite
     * @param alpn the protocol; absent where none was agreed on
     * @param handshakes that were completed
     * @param resumed of these, those that resumed a session
     * @param offered of these, those in which a session was offered
     * @param sentBytes encrypted
     * @param receivedBytes encrypted
     */
    public record Reading(
            @Nullable String version,
            @Nullable String cipher,
            @Nullable String alpn,
            long handshakes,
            long resumed,
            long offered,
            long sentBytes,
            long receivedBytes) {}

    /** A handshake was completed. */
    public synchronized void secured(
            String version, String cipher, @Nullable String alpn, boolean wasResumed, boolean wasOffered) {
        handshakes++;
        resumed += wasResumed ? 1 : 0;
        offered += wasOffered ? 1 : 0;
        kind(version, cipher, alpn).count++;
    }

    private Kind kind(String version, String cipher, @Nullable String alpn) {
        for (Kind kind : kinds) {
            if (kind.is(version, cipher, alpn)) {
                return kind;
            }
        }
        Kind added = new Kind(version, cipher, alpn);
        if (kinds.size() < LIMIT) {
            kinds.add(added);
        }
        return added;
    }

    /** A connection has ended that took so many bytes. */
    public synchronized void bytes(long sent, long received) {
        sentBytes += sent;
        receivedBytes += received;
    }

    /** Adds another's counts. */
    public synchronized void add(TlsTally other) {
        synchronized (other) {
            handshakes += other.handshakes;
            resumed += other.resumed;
            offered += other.offered;
            sentBytes += other.sentBytes;
            receivedBytes += other.receivedBytes;
            other.kinds.forEach(each -> kind(each.version, each.cipher, each.alpn).count += each.count);
        }
    }

    /** Returns the counts. */
    public synchronized Reading read() {
        Kind most = null;
        for (Kind kind : kinds) {
            most = most == null || kind.count > most.count ? kind : most;
        }
        return new Reading(
                most == null ? null : most.version,
                most == null ? null : most.cipher,
                most == null ? null : most.alpn,
                handshakes,
                resumed,
                offered,
                sentBytes,
                receivedBytes);
    }
}
