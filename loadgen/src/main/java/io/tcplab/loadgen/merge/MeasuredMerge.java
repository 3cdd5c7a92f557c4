package io.tcplab.loadgen.merge;

import io.tcplab.loadgen.record.Spread;
import io.tcplab.loadgen.result.Exchanges;
import io.tcplab.loadgen.result.FinishedRun;
import io.tcplab.loadgen.result.LatencyLog;
import io.tcplab.loadgen.result.Measured;
import io.tcplab.loadgen.result.Outcomes;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.TargetFigures;
import io.tcplab.loadgen.result.TcpInfoFigures;
import io.tcplab.loadgen.result.TlsFigures;
import io.tcplab.loadgen.result.Totals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the shards measured, together: counts and rates are added, latencies are those of the summed histograms. */
final class MeasuredMerge {

    private final List<FinishedRun> shards;
    private final List<Summary> all;

    MeasuredMerge(List<FinishedRun> shards) {
        this.shards = shards;
        this.all = shards.stream().map(FinishedRun::summary).toList();
    }

    /** {@code log} and {@code totals} have the histograms of all shards; of totals null where one has kept none. */
    Measured of(LatencyLog log, @Nullable Totals totals) {
        List<Measured.Mix> mixes = mixes(log);
        return new Measured(
                rates(),
                all.stream().map(Summary::outcomes).reduce(Outcomes.NONE, Outcomes::plus),
                all.stream().map(Summary::exchanges).reduce(Exchanges.NONE, Exchanges::plus),
                causes(),
                mixes,
                TargetFigures.sum(all.stream().map(Summary::targets).toList(), totals),
                log.latenciesOf(mixes.stream().map(Measured.Mix::name).toList()),
                http(all.stream().map(Summary::http)),
                TlsFigures.sum(all.stream().map(Summary::tls).toList()),
                TcpInfoFigures.sum(all.stream().map(Summary::tcpInfo).toList(), totals),
                held());
    }

    private Measured.Rates rates() {
        Double offered = 0.0;
        for (Summary one : all) {
            Double more = one.rates().offered();
            offered = offered == null || more == null ? null : offered + more;
        }
        return new Measured.Rates(
                offered,
                sum(one -> one.rates().attempted()),
                sum(one -> one.rates().achieved()),
                sum(one -> one.rates().exchanges()));
    }

    private double sum(ToDoubleFunction<Summary> figure) {
        return all.stream().mapToDouble(figure).sum();
    }

    private Measured.@Nullable Held held() {
        return all.stream()
                .map(Summary::held)
                .filter(Objects::nonNull)
                .reduce(Measured.Held::plus)
                .orElse(null);
    }

    private List<Measured.Mix> mixes(LatencyLog log) {
        Map<String, Outcomes> byName = new LinkedHashMap<>();
        Map<String, Exchanges> exchanges = new HashMap<>();
        Map<String, List<Measured.@Nullable Http>> http = new HashMap<>();
        for (FinishedRun shard : shards) {
            for (Measured.Mix mix : shard.summary().mixes()) {
                byName.merge(mix.name(), mix.outcomes(), Outcomes::plus);
                exchanges.merge(mix.name(), mix.exchanges(), Exchanges::plus);
                http.computeIfAbsent(mix.name(), _ -> new ArrayList<>()).add(mix.http());
            }
        }
        List<Measured.Mix> mixes = new ArrayList<>();
        byName.forEach((name, outcomes) -> mixes.add(new Measured.Mix(
                name,
                outcomes,
                exchanges.getOrDefault(name, Exchanges.NONE),
                log.latenciesOf(name),
                http(http.getOrDefault(name, List.of()).stream()))));
        return mixes;
    }

    private static Measured.@Nullable Http http(Stream<Measured.@Nullable Http> parts) {
        return parts.filter(Objects::nonNull).reduce(Measured.Http::sum).orElse(null);
    }

    /** Seconds count from the first shard's beginning. */
    private List<Measured.Cause> causes() {
        Map<String, Measured.Cause> byName = new LinkedHashMap<>();
        for (FinishedRun shard : shards) {
            double later = secondsAfterFirst(shard.summary().startedAt());
            for (Measured.Cause cause : shard.summary().causes()) {
                byName.merge(
                        cause.cause() + " " + cause.phase(),
                        new Measured.Cause(
                                cause.cause(),
                                cause.count(),
                                cause.firstSecond() + later,
                                cause.lastSecond() + later,
                                cause.phase(),
                                cause.idleMillis(),
                                cause.exchanges(),
                                cause.sentBytes(),
                                cause.acknowledgedBytes(),
                                cause.receivedBytes(),
                                cause.ageMillis()),
                        MeasuredMerge::together);
            }
        }
        return List.copyOf(byName.values());
    }

    private static Measured.Cause together(Measured.Cause one, Measured.Cause other) {
        return new Measured.Cause(
                one.cause(),
                one.count() + other.count(),
                Math.min(one.firstSecond(), other.firstSecond()),
                Math.max(one.lastSecond(), other.lastSecond()),
                one.phase(),
                together(one, other, Measured.Cause::idleMillis),
                together(one, other, Measured.Cause::exchanges),
                together(one, other, Measured.Cause::sentBytes),
                together(one, other, Measured.Cause::acknowledgedBytes),
                together(one, other, Measured.Cause::receivedBytes),
                together(one, other, Measured.Cause::ageMillis));
    }

    private static @Nullable Spread together(
            Measured.Cause one, Measured.Cause other, Function<Measured.Cause, @Nullable Spread> figure) {
        return Spread.together(figure.apply(one), one.count(), figure.apply(other), other.count());
    }

    private double secondsAfterFirst(Instant moment) {
        Instant first = shards.getFirst().summary().startedAt();
        return (moment.toEpochMilli() - first.toEpochMilli()) / 1000.0;
    }
}
