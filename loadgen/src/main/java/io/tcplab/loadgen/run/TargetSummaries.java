package io.tcplab.loadgen.run;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.Route;
import io.tcplab.loadgen.record.Measurement;
import io.tcplab.loadgen.record.TargetMeasurement;
import io.tcplab.loadgen.result.Measured;
import io.tcplab.loadgen.result.TargetFigures;
import io.tcplab.loadgen.watch.SideFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts what was measured of each of several targets into the words of {@code summary.json}. */
final class TargetSummaries {

    private TargetSummaries() {}

    /**
     * Returns one for each target; none where the profile does not name several.
     *
     * @param targets in the order of {@link Profile#askedTargets}
     * @param seen the server's side of each, in the same order
     */
    static List<TargetFigures> of(
            Profile profile, List<Located> targets, Measurement measured, List<Optional<SideFigures>> seen) {
        List<TargetFigures> all = new ArrayList<>();
        for (int number = 0; number < measured.targets().size(); number++) {
            Located target = targets.get(number);
            TargetMeasurement one = measured.targets().get(number);
            all.add(new TargetFigures(
                    String.valueOf(target.asked()),
                    Endpoint.text(target.address()),
                    target.written(),
                    share(profile, number),
                    SummaryBuilder.outcomes(one.counts()),
                    SummaryBuilder.exchanges(one.counts()),
                    SummaryBuilder.latencies(List.of(one.latencies()), List.of()),
                    Measured.Http.of(one.statuses()),
                    TargetFigures.Kernel.of(seen.get(number).orElse(null))));
        }
        return all;
    }

    private static double share(Profile profile, int target) {
        double all = profile.routes().stream().mapToDouble(Route::weight).sum();
        return profile.routes().stream()
                        .filter(route -> route.target() == target)
                        .mapToDouble(Route::weight)
                        .sum()
                / all;
    }
}
