package io.tcplab.loadgen.report.text;

import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.result.CounterNames;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.KernelFigures;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The kernels' side of the story on a terminal: queues, TIME_WAIT, the counters that matter, and whether the books agree. */
final class KernelText {

    private static final List<String> SHOWN_WHEN_MOVED = List.of(
            "Tcp.ActiveOpens",
            "Tcp.PassiveOpens",
            "Tcp.AttemptFails",
            "Tcp.EstabResets",
            "Tcp.OutRsts",
            "Tcp.RetransSegs",
            "TcpExt.TCPSynRetrans",
            "TcpExt.ListenOverflows",
            "TcpExt.ListenDrops",
            "TcpExt.SyncookiesSent",
            "TcpExt.TCPReqQFullDrop",
            "TcpExt.TW",
            "TcpExt.TWRecycled",
            "TcpExt.TCPTimeWaitOverflow",
            "TcpExt.TCPAbortOnData",
            "TcpExt.TCPAbortOnClose",
            "TcpExt.TCPAbortOnTimeout");

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
        addReconciliation();
        return lines;
    }

    private static TextTable table(KernelFigures kernel) {
        KernelFigures.Side client = kernel.client();
        KernelFigures.Side server = kernel.server();
        TextTable table = new TextTable().row("", "client", "server");
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
        for (String counter : moved(client, server)) {
            String word = counter.substring(counter.indexOf('.') + 1);
            table.row(CounterNames.label(counter) + " (" + word + ")", delta(client, counter), delta(server, counter));
        }
        return table;
    }

    private static Set<String> moved(KernelFigures.@Nullable Side client, KernelFigures.@Nullable Side server) {
        Set<String> moved = new LinkedHashSet<>();
        for (String counter : SHOWN_WHEN_MOVED) {
            if ((client != null && client.counter(counter) != 0) || (server != null && server.counter(counter) != 0)) {
                moved.add(counter);
            }
        }
        return moved;
    }

    private static boolean hasQueue(KernelFigures.@Nullable Side side) {
        return side != null && side.acceptQueue() != null;
    }

    private static String queue(KernelFigures.@Nullable Side side) {
        KernelFigures.AcceptQueue queue = side == null ? null : side.acceptQueue();
        return queue == null ? "–" : InWords.count(queue.peak()) + " of " + InWords.count(queue.limit());
    }

    private static String timeWaitPeak(KernelFigures.@Nullable Side side) {
        return side == null ? "–" : InWords.count(side.timeWait().peak());
    }

    private static String timeWaitFinal(KernelFigures.@Nullable Side side) {
        return side == null ? "–" : InWords.count(side.timeWait().last());
    }

    private static long statePeak(KernelFigures.@Nullable Side side, String state) {
        return side == null ? 0 : side.peakStates().getOrDefault(state, 0L);
    }

    private static String delta(KernelFigures.@Nullable Side side, String counter) {
        return side == null ? "–" : InWords.count(side.counter(counter));
    }

    private void addReconciliation() {
        List<Summary.Reconciled> checks = summary.reconciliation();
        if (checks.isEmpty()) {
            return;
        }
        long agreeing = checks.stream().filter(Summary.Reconciled::agrees).count();
        String counted = agreeing + " of " + checks.size() + " of our counts agree with the kernel's";
        lines.add("  " + (agreeing == checks.size() ? ink.good("✓ ") : ink.bad("✗ ")) + counted);
        for (Summary.Reconciled check : checks) {
            if (!check.agrees()) {
                lines.add("      " + check.check() + ": ours " + InWords.count(check.ours()) + ", the kernel's "
                        + InWords.count(check.kernel()));
            }
        }
    }
}
