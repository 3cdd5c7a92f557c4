package io.tcplab.loadgen.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tcplab.kernel.cable.CableReading;
import io.tcplab.kernel.cable.DropReason;
import io.tcplab.kernel.cable.SegmentKind;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What lay between client and server, and what it did: {@code network} of {@code summary.json}. Counted since the cable was laid, warm-up
 * included; times are of the recorded part.
 *
 * @param asked as it was written
 * @param achieved what the cable did
 * @param segments by kind, as they were sent into it
 * @param dropped packets that did not arrive
 * @param notCaptured packets that are missing in the capture; left out where nothing was captured
 */
public record NetworkFigures(
        Map<String, Object> asked,
        Achieved achieved,
        Segments segments,
        Dropped dropped,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long notCaptured) {

    /**
     * What the cable did.
     *
     * @param rttMicros how long packets were in the cable, the median of each way, both together
     * @param oneWayMicros the shorter way's delay as it was asked for; 0 = none
     * @param lossRate dropped packets for each that was sent
     * @param lateP50Micros how much later than asked packets left the cable
     * @param lateP99Micros likewise
     * @param lateMaxMicros likewise
     * @param rate bits in the busiest second of the busier direction, with Ethernet headers
     * @param packets that were sent
     * @param heldBack to be overtaken
     * @param duplicated sent twice
     * @param cpuMicrosPerPacket of the cable's thread, with what it is awake for before a packet is due; absent without packets
     */
    public record Achieved(
            double rttMicros,
            double oneWayMicros,
            double lossRate,
            double lateP50Micros,
            double lateP99Micros,
            double lateMaxMicros,
            long rate,
            long packets,
            long heldBack,
            long duplicated,
            @Nullable Double cpuMicrosPerPacket) {}

    /**
     * Segments by kind; each is of exactly one, and {@code retransmitted} says how many of all repeat what was sent before.
     *
     * @param ack without data
     * @param fin with or without data
     * @param data without FIN
     */
    public record Kinds(long syn, long synAck, long ack, long fin, long rst, long data, long retransmitted, long all) {
        static Kinds of(CableReading.Direction from) {
            return new Kinds(
                    from.segments(SegmentKind.SYN),
                    from.segments(SegmentKind.SYN_ACK),
                    from.segments(SegmentKind.ACK),
                    from.segments(SegmentKind.FIN),
                    from.segments(SegmentKind.RST),
                    from.segments(SegmentKind.DATA),
                    from.retransmitted(),
                    from.allSegments());
        }

        Kinds plus(Kinds other) {
            return new Kinds(
                    syn + other.syn,
                    synAck + other.synAck,
                    ack + other.ack,
                    fin + other.fin,
                    rst + other.rst,
                    data + other.data,
                    retransmitted + other.retransmitted,
                    all + other.all);
        }
    }

    /** Of both sides together, and of what each sent. */
    public record Segments(
            long syn,
            long synAck,
            long ack,
            long fin,
            long rst,
            long data,
            long retransmitted,
            long all,
            Kinds client,
            Kinds server) {
        static Segments of(Kinds client, Kinds server) {
            Kinds both = client.plus(server);
            return new Segments(
                    both.syn,
                    both.synAck,
                    both.ack,
                    both.fin,
                    both.rst,
                    both.data,
                    both.retransmitted,
                    both.all,
                    client,
                    server);
        }
    }

    /**
     * Packets that did not arrive.
     *
     * @param all of both directions
     * @param reasons how many for each reason; one that did not occur has no entry
     * @param client of what the client sent
     * @param server of what the server sent
     */
    public record Dropped(long all, Map<String, Long> reasons, long client, long server) {

        /** Those of one reason. */
        public long by(DropReason reason) {
            return reasons.getOrDefault(reason.word(), 0L);
        }

        /** Those that nobody asked the cable to lose. */
        public long unasked() {
            long sum = 0;
            for (DropReason reason : DropReason.values()) {
                sum += reason.asked() ? 0 : by(reason);
            }
            return sum;
        }
    }

    /**
     * Puts what a cable counted into these words.
     *
     * @param asked as it was written
     * @param oneWayNanos the shorter way's delay as it was asked for
     * @param notCaptured packets that a capture misses; absent without a capture
     */
    public static NetworkFigures of(
            Map<String, Object> asked, long oneWayNanos, CableReading reading, @Nullable Long notCaptured) {
        CableReading.Direction client = reading.fromClient();
        CableReading.Direction server = reading.fromServer();
        Dropped dropped = dropped(client, server);
        long packets = client.allSegments() + server.allSegments() + client.otherPackets() + server.otherPackets();
        Achieved achieved = new Achieved(
                micros(client.insideP50Nanos() + server.insideP50Nanos()),
                micros(oneWayNanos),
                packets == 0 ? 0 : Math.round(1e9 * dropped.all() / packets) / 1e9,
                micros(reading.lateP50Nanos()),
                micros(reading.lateP99Nanos()),
                micros(reading.lateMaxNanos()),
                Math.max(client.mostBitsOfASecond(), server.mostBitsOfASecond()),
                packets,
                client.heldBack() + server.heldBack(),
                client.duplicated() + server.duplicated(),
                packets == 0 ? null : micros(reading.cpuNanos() / packets));
        return new NetworkFigures(
                asked, achieved, Segments.of(Kinds.of(client), Kinds.of(server)), dropped, notCaptured);
    }

    private static Dropped dropped(CableReading.Direction client, CableReading.Direction server) {
        Map<String, Long> reasons = new LinkedHashMap<>();
        long ofClient = 0;
        long ofServer = 0;
        for (DropReason reason : DropReason.values()) {
            ofClient += client.dropped(reason);
            ofServer += server.dropped(reason);
            long both = client.dropped(reason) + server.dropped(reason);
            if (both > 0) {
                reasons.put(reason.word(), both);
            }
        }
        return new Dropped(ofClient + ofServer, reasons, ofClient, ofServer);
    }

    private static double micros(long nanos) {
        return Summary.thousandths(nanos / 1e3);
    }
}
