package io.tcplab.loadgen.limit;

import io.tcplab.loadgen.report.text.JunitReport;
import io.tcplab.loadgen.result.Summary;
import java.time.Instant;
import java.util.List;

/** A search as a JUnit XML report: whether any load held, and whether it was the generator that ended the search. */
final class LimitJunit {

    private LimitJunit() {}

    /** The XML text; {@code name} is the profile's. */
    static String of(String name, Limit limit) {
        List<Summary> tries = limit.tries().stream().map(LimitTry::result).toList();
        return JunitReport.of(
                "limit." + name,
                tries.isEmpty() ? Instant.EPOCH : tries.getFirst().startedAt(),
                tries.stream().mapToDouble(Summary::durationSeconds).sum(),
                List.of(
                        new JunitReport.Case(
                                "a load meets every threshold", "failure", limit.found() ? null : limit.sentence()),
                        new JunitReport.Case(
                                "the limit is not the generator's",
                                "error",
                                limit.isOurOwn() ? limit.sentence() : null)));
    }
}
