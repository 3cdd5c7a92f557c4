package io.tcplab.loadgen.merge;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.judge.Reconciliation;
import io.tcplab.loadgen.result.Counted;
import io.tcplab.loadgen.result.FinishedRun;
import io.tcplab.loadgen.result.Head;
import io.tcplab.loadgen.result.Reconciled;
import io.tcplab.loadgen.result.Reconciled.Check;
import io.tcplab.loadgen.result.RunNames;
import io.tcplab.loadgen.result.TlsFigures;
import io.tcplab.loadgen.watch.SideFigures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The books of several shards against the kernels. A kernel that one shard alone used is held against that one's. One that several used
 * has the connections of all: where every generator of a load is there, and each looked from before the first connection until after the
 * last, the sum of their counts is held against it. Of several readings of one kernel the least counts: the other observers had begun
 * before, when generators were still getting ready.
 */
final class MergedChecks {

    private static final int MOST_NAMES = 3;

    private final List<FinishedRun> shards;
    private final boolean complete;
    private final RunNames called;

    /** {@code complete} says that these are all generators of a load, observed until the last connection of all had ended. */
    MergedChecks(List<FinishedRun> shards, boolean complete) {
        this.shards = shards;
        this.complete = complete;
        this.called = RunNames.ofRuns(shards);
    }

    /** All that can be made; {@code tls} is that of the merge. */
    List<Reconciled> all(@Nullable TlsFigures tls) {
        List<Reconciled> checks = new ArrayList<>();
        for (FinishedRun shard : shards) {
            for (Reconciled check : shard.summary().reconciliation()) {
                Check known = check.check();
                if (known != null && known != Check.RESUMED && isAlone(shard, known.side())) {
                    checks.add(check.of(called.of(shard)));
                }
            }
        }
        if (complete) {
            clients(checks);
            server(checks);
        }
        if (tls != null) {
            Reconciled asked = sum(shards, Check.RESUMED);
            if (asked != null) {
                long resumed = shards.stream()
                        .mapToLong(shard -> Objects.requireNonNull(find(shard, Check.RESUMED))
                                .kernel())
                        .sum();
                checks.add(Reconciled.ofResumption(asked.ours(), resumed, tls.handshakes()));
            }
        }
        return checks;
    }

    /** Whether no other shard had the same kernel counters as this one on {@code side}. */
    boolean isAlone(FinishedRun shard, Side side) {
        String namespace = KernelMerge.namespace(shard, side);
        return shards.stream()
                .filter(other -> !other.directory().equals(shard.directory()))
                .flatMap(other ->
                        Stream.of(Side.CLIENT, Side.SERVER).map(otherSide -> KernelMerge.namespace(other, otherSide)))
                .noneMatch(namespace::equals);
    }

    private void clients(List<Reconciled> checks) {
        Map<String, List<FinishedRun>> byNamespace = new LinkedHashMap<>();
        shards.forEach(shard -> byNamespace
                .computeIfAbsent(KernelMerge.namespace(shard, Side.CLIENT), _ -> new ArrayList<>())
                .add(shard));
        byNamespace.forEach((namespace, group) -> {
            boolean othersTargetToo = shards.stream()
                    .filter(shard -> !group.contains(shard))
                    .anyMatch(shard -> KernelMerge.namespace(shard, Side.SERVER).equals(namespace));
            if (group.size() > 1 && !namespace.equals(KernelMerge.UNKNOWN) && !othersTargetToo) {
                for (Check check : Check.values()) {
                    Reconciled together =
                            check == Check.RESUMED || check.side() != Side.CLIENT ? null : sum(group, check);
                    if (together != null) {
                        checks.add(together.of(names(group)));
                    }
                }
            }
        });
    }

    /** The sum of our counts and the least of the kernel's; null where not every shard has made the check. */
    private static @Nullable Reconciled sum(List<FinishedRun> group, Check check) {
        long ours = 0;
        long kernel = Long.MAX_VALUE;
        for (FinishedRun shard : group) {
            Reconciled one = find(shard, check);
            if (one == null) {
                return null;
            }
            ours += one.ours();
            kernel = Math.min(kernel, one.kernel());
        }
        return Reconciled.of(check, ours, kernel);
    }

    private static @Nullable Reconciled find(FinishedRun shard, Check check) {
        return shard.summary().reconciliation().stream()
                .filter(each -> each.is(check))
                .findFirst()
                .orElse(null);
    }

    private String names(List<FinishedRun> group) {
        List<String> names = group.stream().map(called::of).sorted().toList();
        return names.size() <= MOST_NAMES
                ? String.join(" + ", names)
                : names.getFirst() + " to " + names.getLast() + " (" + names.size() + ")";
    }

    /** The server's kernel, where one target served all and somebody looked at it all the time. */
    private void server(List<Reconciled> checks) {
        List<FinishedRun> observers = shards.stream()
                .filter(shard -> shard.summary().kernel().server() != null)
                .toList();
        boolean oneServer = isOneTarget()
                && !observers.isEmpty()
                && observers.stream().noneMatch(shard -> server(shard).isPartial())
                && observers.stream()
                                .map(shard -> KernelMerge.namespace(shard, Side.SERVER))
                                .distinct()
                                .count()
                        == 1;
        if (!oneServer) {
            return;
        }
        Long handshakes = sum(Counted::handshakes);
        if (handshakes != null && least(observers, side -> side.counter(KernelCounter.LISTEN_OVERFLOWS)) == 0) {
            checks.add(Reconciled.of(
                    Check.HANDSHAKES, handshakes, least(observers, side -> side.counter(KernelCounter.PASSIVE_OPENS))));
        }
        Long fins = sum(Counted::serverFins);
        String there = KernelMerge.namespace(observers.getFirst(), Side.SERVER);
        boolean alsoAClients = shards.stream()
                .anyMatch(shard -> KernelMerge.namespace(shard, Side.CLIENT).equals(there));
        if (fins != null && !alsoAClients) {
            checks.add(Reconciled.of(Check.SERVER_FINS, fins, least(observers, Reconciliation::timeWaits)));
        }
    }

    private boolean isOneTarget() {
        Head.Target target = shards.getFirst().summary().target();
        return target != null
                && target.asked() != null
                && shards.stream()
                        .map(FinishedRun::summary)
                        .allMatch(each -> each.targets().isEmpty() && isSame(target, each.target()));
    }

    private static boolean isSame(Head.Target one, Head.@Nullable Target other) {
        return other != null
                && Objects.equals(one.asked(), other.asked())
                && Objects.equals(one.address(), other.address());
    }

    private static SideFigures server(FinishedRun shard) {
        return Objects.requireNonNull(shard.summary().kernel().server());
    }

    private static long least(List<FinishedRun> observers, ToLongFunction<SideFigures> counter) {
        return observers.stream()
                .map(MergedChecks::server)
                .mapToLong(counter)
                .min()
                .orElseThrow();
    }

    /** Null where one generator does not know. */
    private @Nullable Long sum(Function<Counted, @Nullable Long> figure) {
        long sum = 0;
        for (FinishedRun shard : shards) {
            Counted counted = shard.summary().counted();
            Long own = counted == null ? null : figure.apply(counted);
            if (own == null) {
                return null;
            }
            sum += own;
        }
        return sum;
    }
}
