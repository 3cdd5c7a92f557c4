package io.tcplab.loadgen.run;

import io.tcplab.loadgen.connection.LoadLoop;
import io.tcplab.loadgen.plan.MixMember;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.Route;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.StatusCounts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** The counts that the loops keep by route, added up by member of the mix and by target. Any thread may ask. */
final class RouteCounts {

    private final List<MixMember> members;
    private final List<Route> routes;
    private final List<LoadLoop> loops;

    RouteCounts(Profile profile, List<LoadLoop> loops) {
        this.members = profile.mix();
        this.routes = profile.routes();
        this.loops = loops;
    }

    /** The numbers of a member's routes. */
    int[] routesOf(int member) {
        return numbers(route -> route.member() == member);
    }

    private int[] numbers(Predicate<Route> which) {
        return IntStream.range(0, routes.size())
                .filter(number -> which.test(routes.get(number)))
                .toArray();
    }

    /** By member name, of the recorded part or of the warm-up. */
    Map<String, LedgerReading> read(boolean warmup) {
        Map<String, LedgerReading> readings = new LinkedHashMap<>();
        for (int member = 0; member < members.size(); member++) {
            readings.put(members.get(member).name(), sum(routesOf(member), warmup));
        }
        return readings;
    }

    /** Of the recorded part. */
    LedgerReading ofTarget(int target) {
        return sum(numbers(route -> route.target() == target), false);
    }

    private LedgerReading sum(int[] numbers, boolean warmup) {
        LedgerReading sum = LedgerReading.ZERO;
        for (int route : numbers) {
            for (LoadLoop loop : loops) {
                sum = sum.plus(loop.ledger(route, warmup).read());
            }
        }
        return sum;
    }

    /** The HTTP statuses received in the recorded part, by member name. */
    Map<String, SortedMap<Integer, Long>> statuses() {
        Map<String, SortedMap<Integer, Long>> all = new LinkedHashMap<>();
        for (int member = 0; member < members.size(); member++) {
            all.put(members.get(member).name(), statuses(routesOf(member)));
        }
        return all;
    }

    /** Those of one target. */
    SortedMap<Integer, Long> statusesOfTarget(int target) {
        return statuses(numbers(route -> route.target() == target));
    }

    private SortedMap<Integer, Long> statuses(int[] numbers) {
        SortedMap<Integer, Long> sums = StatusCounts.none();
        for (int route : numbers) {
            loops.forEach(loop -> loop.statuses(route).addTo(sums));
        }
        return sums;
    }
}
