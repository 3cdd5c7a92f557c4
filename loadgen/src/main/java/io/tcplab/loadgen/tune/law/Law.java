package io.tcplab.loadgen.tune.law;

import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.Summary;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel must do under a cell's settings, by arithmetic alone, and what it did in one round.
 *
 * @param title what is counted, with its unit
 * @param least of what may be observed
 * @param most of what may be observed; the same as {@code least} where the arithmetic is exact
 * @param observed in the round
 * @param because the arithmetic in words
 * @param late whether the generator started connections so late that a miss may be its own: then a miss says nothing about the kernel
 */
public record Law(String title, long least, long most, long observed, String because, boolean late) {

    /** Start delay at p99 from which on a figure that depends on the clock is not judged. */
    private static final double LATE_MICROS = 20_000;

    /** Whether it was as the law says. */
    public boolean held() {
        return observed >= least && observed <= most;
    }

    /** Whether nothing can be said: it was not as the law says, and the generator was late. */
    public boolean undecided() {
        return late && !held();
    }

    /**
     * The law that a round is under; {@code null} where none says anything. The maps are each side's sysctls and limits as they
     * were read back.
     */
    public static @Nullable Law of(
            Profile profile, Map<String, String> client, Map<String, String> server, boolean loopback, Summary round) {
        return Stream.of(
                        ProbeLaw.of(profile, client, round),
                        QueueLaw.of(profile, server, round),
                        PortLaw.of(profile, client, loopback, round))
                .flatMap(Stream::ofNullable)
                .findFirst()
                .orElse(null);
    }

    static boolean late(Summary round) {
        Double startDelay = round.latencies().of(Metric.START_DELAY).p99Micros();
        return startDelay != null && startDelay > LATE_MICROS;
    }
}
