package io.tcplab.loadgen.judge;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.cable.CableReading;
import io.tcplab.kernel.cable.DropReason;
import io.tcplab.kernel.cable.SegmentKind;
import io.tcplab.kernel.counters.CounterSnapshot;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.result.Reconciled;
import io.tcplab.loadgen.result.Reconciled.Check;
import java.util.ArrayList;
import java.util.List;

/**
 * The third witness: what the cable saw beside what the kernels at its two ends counted, of namespaces that are as old as the cable.
 * A segment that the kernel dropped before the cable counts as sent; what it was is not known, so that the kinds of that side are then
 * not compared.
 */
public final class CableChecks {

    /**
     * One end.
     *
     * @param counters of its namespace
     * @param talksToItself whether anything went over its loopback device, whose segments are in the same counters
     */
    public record End(CounterSnapshot counters, boolean talksToItself) {}

    private CableChecks() {}

    /** Makes the checks that hold: none of an end that talks to itself. */
    public static List<Reconciled> checks(CableReading cable, End client, End server) {
        List<Reconciled> checks = new ArrayList<>();
        if (!client.talksToItself()) {
            checks.add(Reconciled.of(Check.CLIENT_SEGMENTS_SENT, sentInto(cable.fromClient()), sent(client)));
            checks.add(Reconciled.of(
                    Check.CLIENT_SEGMENTS_RECEIVED,
                    cable.fromServer().deliveredSegments(),
                    value(client, KernelCounter.IN_SEGMENTS)));
            repeatsAndResets(checks, cable, Side.CLIENT, client);
        }
        if (!server.talksToItself()) {
            checks.add(Reconciled.of(
                    Check.SERVER_SEGMENTS_SENT,
                    sentInto(cable.fromServer()),
                    sent(server) - value(server, KernelCounter.SYN_RETRANSMITS)));
            checks.add(Reconciled.of(
                    Check.SERVER_SEGMENTS_RECEIVED,
                    cable.fromClient().deliveredSegments(),
                    value(server, KernelCounter.IN_SEGMENTS)));
            repeatsAndResets(checks, cable, Side.SERVER, server);
        }
        return checks;
    }

    private static void repeatsAndResets(List<Reconciled> checks, CableReading cable, Side side, End end) {
        boolean client = side == Side.CLIENT;
        CableReading.Direction from = cable.from(side);
        if (from.dropped(DropReason.BACKLOG) > 0) {
            return;
        }
        checks.add(Reconciled.of(
                client ? Check.CLIENT_RETRANSMITTED : Check.SERVER_RETRANSMITTED,
                from.retransmitted(),
                value(end, KernelCounter.RETRANSMITTED_SEGMENTS)));
        checks.add(Reconciled.of(
                client ? Check.CLIENT_RESETS : Check.SERVER_RESETS,
                from.segments(SegmentKind.RST),
                value(end, KernelCounter.OUT_RESETS)));
    }

    private static long sentInto(CableReading.Direction from) {
        return from.allSegments() + from.dropped(DropReason.BACKLOG);
    }

    private static long sent(End end) {
        return value(end, KernelCounter.OUT_SEGMENTS) + value(end, KernelCounter.RETRANSMITTED_SEGMENTS);
    }

    private static long value(End end, KernelCounter counter) {
        return end.counters().value(counter);
    }
}
