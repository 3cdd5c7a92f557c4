package io.tcplab.loadgen.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.result.ActionReport;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ActionCostTest {

    private static final List<List<ActionReport>> NOTHING_LOST = rounds(0, 0, 0, 0, 0);

    private static List<List<ActionReport>> rounds(int... lost) {
        return IntStream.of(lost)
                .mapToObj(each -> List.of(new ActionReport(
                        3,
                        "stop server",
                        null,
                        null,
                        1000,
                        new ActionReport.Lost(each, 0, 0, 0, 0, 0, 0),
                        2,
                        0,
                        null,
                        "")))
                .toList();
    }

    private static ActionCost cost(List<List<ActionReport>> actions, List<List<ActionReport>> control) {
        return ActionCost.of("a", actions, control).getFirst();
    }

    @Test
    void whatEachRoundLosesAndNoControlDoesIsItsCost() {
        ActionCost cost = cost(rounds(12, 11, 13, 12, 12), NOTHING_LOST);
        assertThat(cost.distinguishable()).isTrue();
        assertThat(cost.sentence())
                .isEqualTo("a, stop server: 60 of 5,000 connections lost in 5 rounds, 0 of 5,000 without it;"
                        + " 10 idle connections closed, 10 without it: it costs 12.0 connections a round.");
    }

    @Test
    void whatTheControlLosesTooIsNotPutToItsAccount() {
        ActionCost cost = cost(rounds(12, 9, 13, 15, 12), rounds(13, 10, 11, 16, 12));
        assertThat(cost.distinguishable()).isFalse();
        assertThat(cost.sentence()).endsWith("no more than would have been lost anyway, as far as can be seen.");
    }

    @Test
    void fewerLostThanWithoutItIsNoCost() {
        assertThat(cost(NOTHING_LOST, rounds(12, 11, 13, 12, 12)).distinguishable())
                .isFalse();
    }

    @Test
    void nothingLostIsNoCost() {
        assertThat(cost(NOTHING_LOST, NOTHING_LOST).sentence()).endsWith("it costs nothing.");
    }

    private static List<List<ActionReport>> rounds(int unexpected, @Nullable Integer exitCode) {
        return NOTHING_LOST.stream()
                .map(List::getFirst)
                .map(done -> List.of(new ActionReport(
                        done.at(),
                        "run reload",
                        exitCode,
                        null,
                        done.connections(),
                        done.lost(),
                        done.idleClosed(),
                        unexpected,
                        null,
                        "")))
                .toList();
    }

    @Test
    void anActionThatFailedShowsNothingOfItsCost() {
        assertThat(cost(rounds(0, 0), NOTHING_LOST).sentence()).endsWith("it costs nothing.");
        assertThat(cost(rounds(0, 1), NOTHING_LOST).sentence())
                .endsWith("it failed in 5 of 5 rounds, so this shows nothing of its cost.");
    }

    @Test
    void responsesThatWereNotAsExpectedAreNotNothing() {
        assertThat(cost(rounds(3, 0), NOTHING_LOST).sentence())
                .endsWith("; 15 responses were not as expected, 0 without it: it costs no connection.");
    }

    /** As a cut of the network does that is shorter than the connect timeout. */
    @Test
    void connectionsThatWereDelayedAreNotNothing() {
        List<List<ActionReport>> delayed = NOTHING_LOST.stream()
                .map(List::getFirst)
                .map(done -> List.of(new ActionReport(
                        done.at(),
                        "network loss: 100% for 100ms",
                        null,
                        null,
                        done.connections(),
                        new ActionReport.Lost(0, 0, 0, 0, 30, 0, 0),
                        0,
                        0,
                        null,
                        "")))
                .toList();
        ActionCost cost = cost(delayed, NOTHING_LOST);
        assertThat(cost.sentence()).endsWith("; 150 delayed by a repeated SYN, 0 without it: it costs no connection.");
        assertThat(cost.tree()).containsEntry("delayed", 150L);
    }

    @Test
    void anActionThatSomeRoundDidNotReachIsNotJudged() {
        assertThat(ActionCost.of("a", List.of(List.of(), rounds(1).getFirst()), rounds(0, 0)))
                .isEmpty();
    }
}
