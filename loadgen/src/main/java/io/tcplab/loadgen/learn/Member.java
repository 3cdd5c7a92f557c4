package io.tcplab.loadgen.learn;

import io.tcplab.kernel.Side;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Connections of one kind: closed by the same side in the same way, with no exchange, one or several, and alike in their number and
 * sizes. Within these they are divided where, in the order of a feature, two neighbours are more than {@value #GAP} times apart; a part
 * that is too small to be a kind is left out.
 *
 * @param closer which side closed first; absent = they stayed open
 * @param how they closed
 * @param of the connections
 */
record Member(@Nullable Side closer, Conversation.How how, List<Conversation> of) {

    /** A pause that a client makes by itself, between reading a response and sending the next request. */
    static final double OWN_WORK_NANOS = 1_000_000;

    private static final double GAP = 2.5;
    private static final double LEAST_SHARE = 0.02;
    private static final int LEAST = 3;
    private static final int FEW = 20;
    private static final int MOST = 12;

    Member {
        of = List.copyOf(of);
    }

    /** The kinds of connection, the most frequent first; rare ones are left out. */
    static List<Member> of(List<Conversation> all) {
        Map<String, List<Conversation>> byClose = new LinkedHashMap<>();
        for (Conversation each : all) {
            long some = Math.min(2, each.exchanges());
            byClose.computeIfAbsent(each.closer() + " " + each.how() + " " + some, _ -> new ArrayList<>())
                    .add(each);
        }
        double least = all.size() < FEW ? 1 : Math.max(LEAST, LEAST_SHARE * all.size());
        List<Member> kinds = new ArrayList<>();
        for (List<Conversation> alike : byClose.values()) {
            for (List<Conversation> kind : divided(alike)) {
                Conversation first = kind.getFirst();
                kinds.add(new Member(first.closer(), first.how(), kind));
            }
        }
        kinds.sort(Comparator.comparingInt((Member each) -> each.of().size()).reversed());
        // Where all are rare, none is beside the others.
        boolean allRare = kinds.isEmpty() || kinds.getFirst().of().size() < least;
        return kinds.stream()
                .filter(each -> allRare || each.of().size() >= least)
                .limit(MOST)
                .toList();
    }

    private static List<List<Conversation>> divided(List<Conversation> alike) {
        for (ToDoubleFunction<Conversation> feature : List.<ToDoubleFunction<Conversation>>of(
                Conversation::exchanges, each -> mean(each.responseBytes()), each -> mean(each.requestBytes()))) {
            List<Conversation> sorted = new ArrayList<>(alike);
            sorted.sort(Comparator.comparingDouble(feature));
            for (int i = 1; i < sorted.size(); i++) {
                double before = feature.applyAsDouble(sorted.get(i - 1)) + 1;
                double after = feature.applyAsDouble(sorted.get(i)) + 1;
                if (after > GAP * before) {
                    List<List<Conversation>> parts = new ArrayList<>(divided(sorted.subList(0, i)));
                    parts.addAll(divided(sorted.subList(i, sorted.size())));
                    return parts;
                }
            }
        }
        return List.of(List.copyOf(alike));
    }

    private static double mean(long[] values) {
        double sum = 0;
        for (long value : values) {
            sum += value;
        }
        return values.length == 0 ? 0 : sum / values.length;
    }

    double[] exchanges() {
        return of.stream().mapToDouble(Conversation::exchanges).toArray();
    }

    double[] requestBytes() {
        return of.stream()
                .flatMapToDouble(each -> Arrays.stream(each.requestBytes()).asDoubleStream())
                .toArray();
    }

    double[] responseBytes() {
        return of.stream()
                .flatMapToDouble(each -> Arrays.stream(each.responseBytes()).asDoubleStream())
                .toArray();
    }

    double[] thinkNanos() {
        return of.stream()
                .flatMapToDouble(each -> Arrays.stream(each.thinkNanos()).asDoubleStream())
                .toArray();
    }

    double[] idleNanos() {
        return of.stream().mapToDouble(Conversation::idleNanos).sorted().toArray();
    }

    double[] lifetimes() {
        return of.stream()
                .mapToDouble(each -> (double) each.lastNanos() - each.openedNanos())
                .sorted()
                .toArray();
    }

    boolean isSilent() {
        return of.getFirst().exchanges() == 0;
    }
}
