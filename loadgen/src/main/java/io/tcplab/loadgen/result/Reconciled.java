package io.tcplab.loadgen.result;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.tcplab.kernel.Side;
import io.tcplab.loadgen.record.InWords;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One of our counts beside the kernel's, or beside what TLS says.
 *
 * @param check what was counted; absent where a file of another version has a check that this one does not know
 * @param tolerance by how much they may differ
 * @param sentence the check in words, behind the shard's name where shards were merged; {@code check} in JSON
 */
public record Reconciled(
        @JsonIgnore @Nullable Check check,
        @JsonProperty("check") String sentence,
        long ours,
        long kernel,
        @JsonIgnore long tolerance) {

    /** What we count and the kernel counts too, each on the side whose counters it is held against. */
    public enum Check {
        /** tcp_connect() counts ActiveOpens after a port was found, before the SYN goes (net/ipv4/tcp_output.c). */
        CONNECTS(Side.CLIENT, "connect calls = client Tcp.ActiveOpens"),
        /** tcp_done() counts AttemptFails when SYN_SENT ends by RST or by the kernel's own timeout (net/ipv4/tcp.c). */
        FAILED_CONNECTS(Side.CLIENT, "refused and kernel timeouts = client Tcp.AttemptFails"),
        /** SO_LINGER {1,0} and close() counts TCPAbortOnData (__tcp_close, net/ipv4/tcp.c). */
        ABORTS(Side.CLIENT, "aborts = client TcpExt.TCPAbortOnData"),
        /** The same where both sides are one namespace. */
        ABORTS_OF_BOTH(Side.CLIENT, "aborts of both sides = TcpExt.TCPAbortOnData"),
        /** TcpExt.TW counts a TIME_WAIT when it begins; beyond tcp_max_tw_buckets none begins (net/ipv4/tcp_minisocks.c). */
        CLIENT_FINS(
                Side.CLIENT,
                "connections that the client closed first by FIN = client TIME_WAITs (TcpExt.TW and what overflowed)"),
        /** The same where both sides are one namespace. */
        FINS_OF_BOTH(Side.CLIENT, "connections closed by FIN = client TIME_WAITs (TcpExt.TW and what overflowed)"),
        /** tcp_create_openreq_child() counts PassiveOpens when a segment completes a handshake (net/ipv4/tcp_minisocks.c). */
        HANDSHAKES(Side.SERVER, "handshakes seen = server Tcp.PassiveOpens"),
        /**
         * The same by what the companion took from its queue. It is counted before it is known whether another segment has completed the
         * handshake: of two that do on two CPUs at once each makes a child, and the second is thrown away (inet_csk_complete_hashdance(),
         * net/ipv4/inet_connection_sock.c).
         */
        ACCEPTED(Side.SERVER, "accepted by the companion = server Tcp.PassiveOpens"),
        SERVER_FINS(
                Side.SERVER,
                "connections that the server closed first by FIN = server TIME_WAITs (TcpExt.TW and what overflowed)"),
        /** tcp_transmit_skb() counts OutSegs without what is sent again (net/ipv4/tcp_output.c). */
        CLIENT_SEGMENTS_SENT(
                Side.CLIENT, "segments on the cable from the client = client Tcp.OutSegs + Tcp.RetransSegs"),
        /** A SYN+ACK that is sent again counts in both (tcp_make_synack and tcp_rtx_synack, net/ipv4/tcp_output.c). */
        SERVER_SEGMENTS_SENT(
                Side.SERVER,
                "segments on the cable from the server = server Tcp.OutSegs + Tcp.RetransSegs - TcpExt.TCPSynRetrans"),
        /** tcp_v4_rcv() counts InSegs before it looks at the segment (net/ipv4/tcp_ipv4.c). */
        CLIENT_SEGMENTS_RECEIVED(Side.CLIENT, "segments that the cable gave the client = client Tcp.InSegs"),
        SERVER_SEGMENTS_RECEIVED(Side.SERVER, "segments that the cable gave the server = server Tcp.InSegs"),
        CLIENT_RETRANSMITTED(Side.CLIENT, "segments on the cable that the client sent again = client Tcp.RetransSegs"),
        SERVER_RETRANSMITTED(Side.SERVER, "segments on the cable that the server sent again = server Tcp.RetransSegs"),
        CLIENT_RESETS(Side.CLIENT, "RSTs on the cable from the client = client Tcp.OutRsts"),
        SERVER_RESETS(Side.SERVER, "RSTs on the cable from the server = server Tcp.OutRsts"),
        /** What the plan asks for against what the sessions say: no invariant, for the server decides. */
        RESUMED(Side.CLIENT, "TLS handshakes asked to resume a session = resumed, as the sessions say, within 1%");

        private final Side side;
        private final String sentence;

        Check(Side side, String sentence) {
            this.side = side;
            this.sentence = sentence;
        }

        /** Whose kernel counts it. */
        public Side side() {
            return side;
        }
    }

    public static Reconciled of(Check check, long ours, long kernel) {
        return new Reconciled(check, check.sentence, ours, kernel, 0);
    }

    /** Where it is known why the kernel counts some twice: its count may be greater by {@code spare}, and may not be smaller. */
    public static Reconciled withSpare(Check check, long ours, long kernel, long spare) {
        return new Reconciled(check, check.sentence, ours, kernel, kernel > ours ? spare : 0);
    }

    /** What was asked of {@code handshakes} against what the sessions say. */
    public static Reconciled ofResumption(long asked, long resumed, long handshakes) {
        return new Reconciled(Check.RESUMED, Check.RESUMED.sentence, asked, resumed, handshakes / 100);
    }

    @JsonCreator
    static Reconciled read(
            @JsonProperty("check") String sentence,
            @JsonProperty("ours") long ours,
            @JsonProperty("kernel") long kernel,
            @JsonProperty("agrees") boolean agrees) {
        Check check = Stream.of(Check.values())
                .filter(each -> sentence.equals(each.sentence) || sentence.endsWith(": " + each.sentence))
                .findFirst()
                .orElse(null);
        return new Reconciled(check, sentence, ours, kernel, agrees ? Math.abs(ours - kernel) : 0);
    }

    /** The same check under a shard's name. */
    public Reconciled of(String shard) {
        return new Reconciled(check, shard + ": " + sentence, ours, kernel, tolerance);
    }

    public boolean is(Check one) {
        return check == one;
    }

    /** Both counts. */
    public String words() {
        return is(Check.RESUMED)
                ? "asked " + InWords.count(ours) + ", resumed " + InWords.count(kernel)
                : "ours " + InWords.count(ours) + ", the kernel's " + InWords.count(kernel);
    }

    @JsonProperty
    public boolean agrees() {
        return Math.abs(ours - kernel) <= tolerance;
    }
}
