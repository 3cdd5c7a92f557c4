package io.tcplab.loadgen.report.html;

import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.report.text.NetworkText;
import io.tcplab.loadgen.result.CounterNames;
import io.tcplab.loadgen.result.NetworkFigures;
import io.tcplab.loadgen.result.Reconciled;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.TimelineWriter;
import io.tcplab.loadgen.watch.ListenerFigures;
import io.tcplab.loadgen.watch.SideFigures;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the kernels of both sides showed of one run, held against our counts. */
final class KernelTables {

    private final Summary summary;
    private final HtmlText html;

    KernelTables(Summary summary, HtmlText html) {
        this.summary = summary;
        this.html = html;
    }

    /** Who listened at the target, the worst first. */
    void listeners() {
        SideFigures server = summary.kernel().server();
        if (server == null || server.listeners().isEmpty()) {
            return;
        }
        html.element("h2", "", "Listeners")
                .beginTable("listener", "program", "longest queue", "limit", "overflows", "drops", "descriptors");
        for (ListenerFigures each : server.listeners()) {
            Long limit = each.limit();
            boolean full = limit != null && each.peak() >= limit;
            html.row(List.of(
                    TableCell.figure(each.address()),
                    TableCell.figure(each.program() == null ? "–" : each.program() + ", pid " + each.pid()),
                    full ? TableCell.bad(InWords.count(each.peak())) : TableCell.figure(InWords.count(each.peak())),
                    TableCell.figure(known(limit)),
                    TableCell.figure(known(each.overflows())),
                    TableCell.figure(known(each.drops())),
                    TableCell.figure(known(each.descriptors()) + " of " + known(each.descriptorLimit()))));
        }
        html.endTable();
    }

    private static String known(@Nullable Long figure) {
        return figure == null ? "–" : InWords.count(figure);
    }

    void kernel() {
        SideFigures client = summary.kernel().client();
        SideFigures server = summary.kernel().server();
        if (client == null && server == null) {
            return;
        }
        html.element("h2", "", "What the kernels counted")
                .beginTable(TableCell.head(List.of("counter", "client", "server"), "what it counts"));
        for (String counter : moved(client, server)) {
            String words = CounterNames.label(counter);
            String sentence = CounterNames.sentence(counter);
            html.row(List.of(
                    TableCell.figure(counter),
                    TableCell.figure(client == null ? "–" : InWords.count(client.counterNamed(counter))),
                    TableCell.figure(server == null ? "–" : InWords.count(server.counterNamed(counter))),
                    TableCell.words(sentence.isEmpty() ? "" : words + ": " + sentence)));
        }
        html.endTable();
        states(client, server);
    }

    private static Set<String> moved(@Nullable SideFigures client, @Nullable SideFigures server) {
        Set<String> moved = new LinkedHashSet<>();
        if (client != null) {
            moved.addAll(client.counters().keySet());
        }
        if (server != null) {
            moved.addAll(server.counters().keySet());
        }
        return moved;
    }

    private void states(@Nullable SideFigures client, @Nullable SideFigures server) {
        html.element("h2", "", "Sockets by state")
                .beginTable("state", "client, peak", "client, at the end", "server, peak", "server, at the end");
        for (String state : TimelineWriter.states().values()) {
            List<String> cells = new ArrayList<>(List.of(state));
            addState(cells, client, state);
            addState(cells, server, state);
            if (cells.subList(1, cells.size()).stream().anyMatch(cell -> !cell.equals("0") && !cell.equals("–"))) {
                html.row(TableCell.figures(cells));
            }
        }
        html.endTable();
    }

    private static void addState(List<String> cells, @Nullable SideFigures side, String state) {
        cells.add(side == null ? "–" : InWords.count(side.peakStates().getOrDefault(state, 0L)));
        Long last = side == null ? null : side.atEnd(state);
        cells.add(last == null ? "–" : InWords.count(last));
    }

    void reconciliation() {
        if (summary.reconciliation().isEmpty()) {
            return;
        }
        html.element("h2", "", "Our counts and the kernel's").beginTable("check", "ours", "the kernel's", "agrees");
        for (Reconciled check : summary.reconciliation()) {
            html.row(List.of(
                    TableCell.figure(check.sentence()),
                    TableCell.figure(InWords.count(check.ours())),
                    TableCell.figure(InWords.count(check.kernel())),
                    check.agrees() ? TableCell.good("✓") : TableCell.bad("✗")));
        }
        html.endTable();
    }

    void network() {
        NetworkFigures network = summary.network();
        if (network != null) {
            html.element("h2", "", "The network between the sides")
                    .beginTable(TableCell.head(List.of("fact"), "value"));
            NetworkText.facts(network)
                    .forEach((name, fact) -> html.row(List.of(TableCell.figure(name), TableCell.words(fact))));
            html.endTable();
        }
    }
}
