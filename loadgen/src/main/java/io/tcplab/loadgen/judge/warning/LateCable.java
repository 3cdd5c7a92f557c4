package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.micros;

import io.tcplab.kernel.cable.DropReason;
import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.result.NetworkFigures;
import java.util.List;

/**
 * The cable carried packets later than it was asked to, or lost some that it was not asked to lose.
 *
 * @param oneWayMicros delay of the shorter way, as asked
 * @param dropped packets that nobody asked it to lose
 * @param backlogFull those of them that the kernel dropped before they reached the cable
 */
public record LateCable(double lateP50Micros, double lateP99Micros, double oneWayMicros, long dropped, long backlogFull)
        implements RunWarning {

    static final LateCable EXAMPLE = new LateCable(300, 2_300, 10_000, 0, 0);

    private static final double LATE_MICROS = 1_000;
    private static final double LATE_SHARE = 0.1;

    /** Below it a wake-up of the kernel's own is as late, and no round trip that was asked for is told apart from another. */
    private static final double NEVER_LATE_MICROS = 150;

    static List<RunWarning> in(Facts facts) {
        NetworkFigures network = facts.summary().network();
        // Where nothing was asked of the network, the cable is there for faults, actions or a comparison, and no figure
        // rests on
        // its times.
        return network == null ? List.of() : in(network, !network.asked().isEmpty());
    }

    /** Of what a cable did; {@code timesMatter} is whether a network was asked for. */
    public static List<RunWarning> in(NetworkFigures network, boolean timesMatter) {
        NetworkFigures.Achieved achieved = network.achieved();
        double oneWay = achieved.oneWayMicros();
        double limit = oneWay == 0 ? LATE_MICROS : Math.clamp(oneWay * LATE_SHARE, NEVER_LATE_MICROS, LATE_MICROS);
        long dropped = network.dropped().unasked();
        long backlogFull = network.dropped().by(DropReason.BACKLOG);
        return (timesMatter && achieved.lateP99Micros() > limit) || dropped > 0
                ? List.of(
                        new LateCable(achieved.lateP50Micros(), achieved.lateP99Micros(), oneWay, dropped, backlogFull))
                : List.of();
    }

    @Override
    public String when() {
        return "the cable that plays the network was late: one packet in a hundred by more than a tenth of the one-way delay (0.15 ms at"
                + " least) or by more than 1 ms, or it lost packets that it was not asked to lose";
    }

    @Override
    public String message() {
        String late = "packets left the cable up to " + micros(lateP50Micros) + " (p50) and " + micros(lateP99Micros)
                + " (p99) later than asked"
                + (oneWayMicros > 0 ? ", of a one-way delay of " + micros(oneWayMicros) : "");
        return dropped == 0
                ? late
                : late + ", and it lost " + InWords.count(dropped) + " that it was not asked to lose"
                        + (backlogFull == 0
                                ? ""
                                : ": the machine's queue of incoming packets was full for " + InWords.count(backlogFull)
                                        + " of them" + " (net.core.netdev_max_backlog)");
    }

    @Override
    public String advice() {
        return "give the cable a CPU of its own: use a machine with more CPUs, fewer client.eventLoops or a lower rate; nothing else should"
                + " run beside the test";
    }

    @Override
    public boolean invalidates() {
        return true;
    }
}
