package io.tcplab.loadgen.result;

import io.tcplab.loadgen.plan.TlsOptions;
import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.record.TlsTally;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the handshakes of TLS came to in the recorded part.
 *
 * @param version the one that was agreed on most often, such as {@code TLSv1.3}; absent without a handshake
 * @param cipher its cipher suite
 * @param alpn the protocol that was agreed on (RFC 7301); absent without one
 * @param verified whether the peer's certificate was verified: false with {@code insecure}
 * @param handshakes that were completed
 * @param resumed of these, those that resumed a session, as the sessions themselves say
 * @param askedResume of these, those that the profile asks to be resumed: its share
 * @param offeredResume of these, those in which a session was offered to the server
 * @param sentBytes encrypted bytes that were sent
 * @param receivedBytes encrypted bytes that were received
 */
public record TlsFigures(
        @Nullable String version,
        @Nullable String cipher,
        @Nullable String alpn,
        boolean verified,
        long handshakes,
        long resumed,
        long askedResume,
        long offeredResume,
        long sentBytes,
        long receivedBytes) {

    /** Returns those of a run; absent where the profile has no TLS. */
    public static @Nullable TlsFigures of(@Nullable TlsOptions asked, TlsTally.@Nullable Reading counted) {
        return asked == null || counted == null
                ? null
                : new TlsFigures(
                        counted.version(),
                        counted.cipher(),
                        counted.alpn(),
                        !asked.insecure(),
                        counted.handshakes(),
                        counted.resumed(),
                        asked.resumed(counted.handshakes()),
                        counted.offered(),
                        counted.sentBytes(),
                        counted.receivedBytes());
    }

    /** The same in a sentence. */
    public String words() {
        if (handshakes == 0) {
            return "no handshake was completed";
        }
        return version + ", " + cipher + (alpn == null ? "" : ", " + alpn) + ": "
                + InWords.count(handshakes - resumed) + " full and " + InWords.count(resumed) + " resumed handshakes"
                + (askedResume == 0 ? "" : " (" + InWords.count(askedResume) + " asked)")
                + (verified ? "" : "; the certificate was not verified");
    }

    /** Returns those of several runs together; absent where none has any. */
    public static @Nullable TlsFigures sum(List<@Nullable TlsFigures> parts) {
        return parts.stream().filter(Objects::nonNull).reduce(TlsFigures::plus).orElse(null);
    }

    private TlsFigures plus(TlsFigures other) {
        TlsFigures more = handshakes >= other.handshakes ? this : other;
        return new TlsFigures(
                more.version,
                more.cipher,
                more.alpn,
                verified && other.verified,
                handshakes + other.handshakes,
                resumed + other.resumed,
                askedResume + other.askedResume,
                offeredResume + other.offeredResume,
                sentBytes + other.sentBytes,
                receivedBytes + other.receivedBytes);
    }
}
