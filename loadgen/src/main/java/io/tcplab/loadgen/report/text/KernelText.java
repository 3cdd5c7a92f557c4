package io.tcplab.loadgen.report.text;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.result.Reconciled;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.ListenerFigures;
import io.tcplab.loadgen.watch.ListenerInWords;
import io.tcplab.loadgen.watch.SideFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The kernels' side of the story on a terminal: queues, TIME_WAIT, the counters that matter, and whether the books agree. */
final class KernelText {

    private static final List<KernelCounter> SHOWN_WHEN_MOVED = List.of(
            KernelCounter.ACTIVE_OPENS,
            KernelCounter.PASSIVE_OPENS,
            KernelCounter.ATTEMPT_FAILS,
            KernelCounter.ESTABLISHED_RESETS,
            KernelCounter.OUT_RESETS,
            KernelCounter.RETRANSMITTED_SEGMENTS,
            KernelCounter.SYN_RETRANSMITS,
            KernelCounter.LISTEN_OVERFLOWS,
            KernelCounter.LISTEN_DROPS,
            KernelCounter.SYNCOOKIES_SENT,
            KernelCounter.SYN_QUEUE_FULL_DROPS,
            KernelCounter.TIME_WAITS,
            KernelCounter.TIME_WAITS_REUSED,
            KernelCounter.TIME_WAIT_OVERFLOWS,
            KernelCounter.ABORTS_ON_DATA,
            KernelCounter.ABORTS_ON_CLOSE,
            KernelCounter.ABORTS_ON_TIMEOUT);

    private static final int MOST_LISTENERS = 8;

    private final Summary summary;
    private final Ink ink;
    private final List<String> lines = new ArrayList<>();

    KernelText(Summary summary, Ink ink) {
        this.summary = summary;
        this.ink = ink;
    }

    List<String> lines() {
        KernelFigures kernel = summary.kernel();
        if (kernel.client() != null || kernel.server() != null) {
            lines.add("");
            lines.add(ink.bold("Kernel"));
            lines.addAll(table(kernel).lines(ink));
        }
        if (kernel.server() != null) {
            addListeners(kernel.server().listeners());
        }
        addReconciliation();
        return lines;
    }

    private void addListeners(List<ListenerFigures> listeners) {
        if (listeners.isEmpty()) {
            return;
        }
        ListenerFigures worst = listeners.getFirst();
        lines.add("  listener " + ListenerInWords.line(worst));
        if (listeners.size() > 1) {
            String peaks = listeners.stream()
                    .skip(1)
                    .limit(MOST_LISTENERS)
                    .map(each -> InWords.count(each.peak()))
                    .collect(Collectors.joining(", "));
            lines.add("      the worst of " + listeners.size() + "; peaks of the others: " + peaks
                    + (listeners.size() > MOST_LISTENERS + 1 ? ", …" : ""));
        }
    }

    private static TextTable table(KernelFigures kernel) {
        SideFigures client = kernel.client();
        SideFigures server = kernel.server();
        TextTable table = new TextTable().row("", heading("client", client), heading("server", server));
        if (hasQueue(client) || hasQueue(server)) {
            table.row("accept queue, peak of limit", queue(client), queue(server));
        }
        table.row("TIME_WAIT, peak", timeWaitPeak(client), timeWaitPeak(server));
        table.row("TIME_WAIT, at the end", timeWaitFinal(client), timeWaitFinal(server));
        for (String state : List.of("SYN_RECV", "CLOSE_WAIT")) {
            if (statePeak(client, state) + statePeak(server, state) > 0) {
                table.row(
                        state + ", peak",
                        client == null ? "–" : InWords.count(statePeak(client, state)),
                        server == null ? "–" : InWords.count(statePeak(server, state)));
            }
        }
        for (KernelCounter counter : moved(client, server)) {
            table.row(
                    counter.label() + " (" + counter.kernelWord() + ")",
                    delta(client, counter),
                    delta(server, counter));
        }
        return table;
    }

    /** A side that was not seen to the end says so above its figures. */
    private static String heading(String name, @Nullable SideFigures side) {
        Double until = side == null ? null : side.partialFromSecond();
        if (until == null) {
            return name;
        }
        return name + (until > 0 ? ", until " + InWords.seconds(until) : ", warm-up only");
    }

    private static List<KernelCounter> moved(@Nullable SideFigures client, @Nullable SideFigures server) {
        List<KernelCounter> moved = new ArrayList<>();
        for (KernelCounter counter : SHOWN_WHEN_MOVED) {
            if ((client != null && client.counter(counter) != 0) || (server != null && server.counter(counter) != 0)) {
                moved.add(counter);
            }
        }
        return moved;
    }

    private static boolean hasQueue(@Nullable SideFigures side) {
        return side != null && side.acceptQueue() != null;
    }

    private static String queue(@Nullable SideFigures side) {
        KernelFigures.AcceptQueue queue = side == null ? null : side.acceptQueue();
        return queue == null ? "–" : InWords.count(queue.peak()) + " of " + InWords.count(queue.limit());
    }

    private static String timeWaitPeak(@Nullable SideFigures side) {
        return side == null ? "–" : InWords.count(side.timeWait().peak());
    }

    private static String timeWaitFinal(@Nullable SideFigures side) {
        Long last = side == null ? null : side.timeWait().last();
        return last == null ? "–" : InWords.count(last);
    }

    private static long statePeak(@Nullable SideFigures side, String state) {
        return side == null ? 0 : side.peakStates().getOrDefault(state, 0L);
    }

    private static String delta(@Nullable SideFigures side, KernelCounter counter) {
        return side == null ? "–" : InWords.count(side.counter(counter));
    }

    private void addReconciliation() {
        List<Reconciled> checks = summary.reconciliation();
        if (checks.isEmpty()) {
            return;
        }
        long agreeing = checks.stream().filter(Reconciled::agrees).count();
        String counted = agreeing + " of " + checks.size() + " of our counts agree with the kernel's"
                + (checks.stream().anyMatch(check -> check.is(Reconciled.Check.RESUMED)) ? " and TLS's" : "");
        lines.add("  " + (agreeing == checks.size() ? ink.good("✓ ") : ink.bad("✗ ")) + counted);
        for (Reconciled check : checks) {
            if (!check.agrees()) {
                lines.add("      " + check.sentence() + ": " + check.words());
            }
        }
    }
}
