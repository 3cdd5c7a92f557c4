package io.tcplab.loadgen.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.cable.DropReason;
import io.tcplab.loadgen.result.Examples;
import io.tcplab.loadgen.result.NetworkFigures;
import io.tcplab.loadgen.result.Observed;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Verdict;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.SideFigures;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is named as the end of a search, by the figures of the tries above the limit. */
class EndedByTest {

    private static Verdict.Warning warning(String code, Map<String, Object> evidence) {
        return new Verdict.Warning(code, "what was seen of " + code, "advice", Map.copyOf(evidence), false);
    }

    /** Five hundred connections in 2.5 s, with these warnings and this accept queue. */
    private static LimitTry failed(double value, long queuePeak, Verdict.Warning... warnings) {
        Summary plain = Examples.summaryWith(Examples.summary().latencies());
        SideFigures server = new SideFigures(
                Map.of(),
                Map.of(),
                Map.of(),
                new KernelFigures.AcceptQueue(4096, queuePeak, queuePeak),
                new KernelFigures.TimeWait(0, 0L),
                9000);
        Summary with = new Summary(
                plain.head(),
                plain.verdict().withWarnings(true, List.of(warnings)),
                plain.measured(),
                new Observed(
                        new KernelFigures(null, server),
                        List.of(),
                        plain.generator(),
                        null,
                        Observed.Warmup.NONE,
                        null,
                        null),
                false);
        return new LimitTry(value, List.of("response.p99 < 5ms"), with, Path.of("try"));
    }

    private static EndedBy of(LimitTry... tries) {
        return EndedBy.of(List.of(tries));
    }

    @Test
    void aSaturatedGeneratorIsNamedBeforeAQueueThatItMayHaveMade() {
        EndedBy ended = of(failed(200, 900, warning("generatorSaturated", Map.of())));
        assertThat(ended.what()).isEqualTo(EndedBy.What.GENERATOR);
        LimitSearch.Bracket bracket = new LimitSearch.Bracket(100, 103);
        Limit limit = new Limit(LimitFigure.RATE, bracket, ended, List.of(), true);
        assertThat(limit.isOurOwn()).isTrue();
        assertThat(limit.sentence())
                .isEqualTo(
                        "The target's limit is not known: the generator ended the search (100 connections/s held and 103"
                                + " did not). It is at least 100 connections/s.");
    }

    @Test
    void aBurstOfASaturatedGeneratorIsNotPutToTheQueuesAccount() {
        EndedBy ended =
                of(failed(200, 0, warning("acceptQueueOverflowed", Map.of()), warning("generatorSaturated", Map.of())));
        assertThat(ended.what()).isEqualTo(EndedBy.What.GENERATOR);
        assertThat(ended.evidence()).isEqualTo("what was seen of generatorSaturated");
    }

    @Test
    void aQueueInWhichConnectionsWaitIsNamedWithItsLength() {
        EndedBy ended = of(failed(200, 40));
        assertThat(ended.what()).isEqualTo(EndedBy.What.ACCEPT_QUEUE);
        assertThat(ended.evidence()).contains("up to 40 connections waited in its accept queue (limit 4,096)");
        assertThat(of(failed(200, 3)).what()).isEqualTo(EndedBy.What.NOT_OBSERVED);
    }

    @Test
    void portsOfAShortTrySayThatTheyDoNotComeBackWithinIt() {
        EndedBy ended = of(failed(
                200,
                0,
                warning(
                        "localPortsExhausted",
                        Map.of("ports", 100, "sources", 1, "held", 0, "sustainablePerSecond", 1.67))));
        assertThat(ended.what()).isEqualTo(EndedBy.What.PORTS);
        assertThat(ended.evidence())
                .isEqualTo(
                        "what was seen of localPortsExhausted; a try of 2.50 s ends before a port comes back, so what is"
                                + " sustained is that, not what held here: see it with --duration 2m");
        EndedBy holding =
                of(failed(200, 0, warning("localPortsExhausted", Map.of("ports", 100, "sources", 1, "held", 400))));
        assertThat(holding.evidence()).isEqualTo("what was seen of localPortsExhausted");
    }

    /** The same over a link of 10 Mbit/s whose queue dropped so many packets. */
    private static LimitTry overLink(LimitTry plain, long dropped) {
        NetworkFigures.Kinds none = new NetworkFigures.Kinds(0, 0, 0, 0, 0, 0, 0, 0);
        Map<String, Long> reasons = dropped == 0 ? Map.of() : Map.of(DropReason.QUEUE.word(), dropped);
        NetworkFigures link = new NetworkFigures(
                Map.of("rate", "10mbit"),
                new NetworkFigures.Achieved(900, 0, dropped / 5_000.0, 20, 900, 1_500, 9_840_000, 5_000, 0, 0, null),
                new NetworkFigures.Segments(0, 0, 0, 0, 0, 0, 0, 0, none, none),
                new NetworkFigures.Dropped(dropped, reasons, 0, dropped),
                null);
        return new LimitTry(plain.value(), plain.missed(), plain.result().with(link), plain.directory());
    }

    @Test
    void aLinkWhoseQueueWasFullIsNamedWithWhatItCarried() {
        EndedBy ended = of(overLink(failed(200, 0), 200));
        assertThat(ended.what()).isEqualTo(EndedBy.What.NETWORK);
        assertThat(ended.evidence())
                .isEqualTo(
                        "the network of the profile was full: its queue dropped 200 of 5,000 packets, at up to 9.8 Mbit/s");
        assertThat(of(overLink(failed(200, 0), 0)).what()).isEqualTo(EndedBy.What.NOT_OBSERVED);
        assertThat(of(overLink(failed(200, 40), 200)).what()).isEqualTo(EndedBy.What.ACCEPT_QUEUE);
    }

    @Test
    void aLateCableIsOurOwnAndNobodyElses() {
        Verdict.Warning late = warning("lateCable", Map.of());
        EndedBy ended = of(overLink(failed(200, 0, late, warning("synRetryClusters", Map.of())), 0));
        assertThat(ended.what()).isEqualTo(EndedBy.What.GENERATOR);
        assertThat(ended.evidence()).isEqualTo("what was seen of lateCable");
        assertThat(of(overLink(failed(200, 40, late), 0)).what()).isEqualTo(EndedBy.What.ACCEPT_QUEUE);
    }

    /** Neither CPU is busy where the kernel's search takes the time, and the server could take more. */
    @Test
    void aSearchForFreePortsThatTakesLongIsOurOwn() {
        LimitTry slow = failed(3_535, 0, warning("portSearchCliff", Map.of()));
        EndedBy ended = of(failed(2_909, 0), failed(2_973, 0), slow);
        assertThat(ended.what()).isEqualTo(EndedBy.What.GENERATOR);
        assertThat(ended.evidence()).isEqualTo("what was seen of portSearchCliff");
        assertThat(of(failed(200, 40, warning("portSearchCliff", Map.of()))).what())
                .isEqualTo(EndedBy.What.ACCEPT_QUEUE);
    }

    /** One try in which a queue overflowed for a moment does not outvote two in which the generator was at its end. */
    @Test
    void whatMostTriesShowIsNamed() {
        LimitTry queue = failed(200, 0, warning("acceptQueueOverflowed", Map.of()));
        LimitTry generator = failed(210, 0, warning("generatorSaturated", Map.of()));
        LimitTry nothing = failed(220, 0);
        assertThat(of(queue, generator, generator).what()).isEqualTo(EndedBy.What.GENERATOR);
        assertThat(of(generator, queue, queue).what()).isEqualTo(EndedBy.What.ACCEPT_QUEUE);
        assertThat(of(generator, queue).what()).isEqualTo(EndedBy.What.ACCEPT_QUEUE);
        assertThat(of(nothing, nothing, generator).what()).isEqualTo(EndedBy.What.GENERATOR);
        assertThat(of(nothing, nothing).what()).isEqualTo(EndedBy.What.NOT_OBSERVED);
        assertThat(of().what()).isEqualTo(EndedBy.What.NOTHING);
    }
}
