package io.tcplab.loadgen.view;

import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.view.Scene.Delay;
import io.tcplab.loadgen.view.Scene.Event;
import io.tcplab.loadgen.view.Scene.Gauge;
import io.tcplab.loadgen.view.Scene.KernelLine;
import io.tcplab.loadgen.view.Scene.Outcome;
import io.tcplab.loadgen.view.Scene.Percentiles;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The parts of the page of figures: a heading and some lines each. */
final class Sections {

    private static final int NAME = 17;
    private static final int FIGURE = 11;
    private static final int TIME = 9;
    private static final String NOTHING = "–";

    /** Narrower terminals have no room for the last second's figure beside an outcome's name. */
    private static final int WIDTH_FOR_LAST_SECOND = 74;

    private final Scene scene;
    private final Canvas canvas;

    Sections(Scene scene, Canvas canvas) {
        this.scene = scene;
        this.canvas = canvas;
    }

    void gauges(List<String> lines) {
        int plot = NAME + 2 * FIGURE + 3;
        int room = canvas.width() - 1 - plot;
        boolean isLoad = !scene.outcomes().isEmpty();
        int drawn = scene.gauges().stream()
                .mapToInt(gauge -> gauge.history().size())
                .max()
                .orElse(0);
        String over = "last " + Math.clamp(drawn, 1, Math.max(1, room)) + " s";
        lines.add(canvas.row()
                .put(' ')
                .put(Tone.HEADING, isLoad ? "Load" : "Port")
                .right(NAME + FIGURE, Tone.FAINT, "now")
                .right(NAME + 2 * FIGURE, Tone.FAINT, isLoad ? "plan" : "limit")
                .right(plot + over.length(), Tone.FAINT, over)
                .finish());
        for (Gauge gauge : scene.gauges()) {
            Double plan = gauge.plan();
            Row row = canvas.row()
                    .put(' ')
                    .put(Tone.PLAIN, gauge.name(), NAME)
                    .right(NAME + FIGURE, gauge.missed() ? Tone.BAD : Tone.TITLE, number(gauge.now()))
                    .right(NAME + 2 * FIGURE, Tone.FAINT, plan == null ? NOTHING : number(plan))
                    .to(plot);
            Plot.line(row, gauge.history(), room, Tone.LINE, canvas.glyphs());
            lines.add(row.finish());
        }
    }

    void delays(List<String> lines, int most) {
        int name = 12;
        int last = name + 3 * TIME;
        int all = last + 2 + 3 * TIME;
        int plot = all + 3;
        Row heading = canvas.row().put(' ').put(Tone.HEADING, "Latency");
        for (int i = 0; i < 3; i++) {
            heading.right(name + (i + 1) * TIME, Tone.FAINT, i == 0 ? "last s p50" : i == 1 ? "p99" : "max");
        }
        for (int i = 0; i < 3; i++) {
            heading.right(last + 2 + (i + 1) * TIME, Tone.FAINT, i == 0 ? "all p50" : i == 1 ? "p99" : "p99.9");
        }
        lines.add(heading.right(plot + 3, Tone.FAINT, "p99").finish());
        for (Delay delay : scene.latencies().subList(0, most)) {
            Percentiles now = delay.last();
            Percentiles sum = delay.all();
            Row row = canvas.row().put(' ').put(Tone.PLAIN, delay.name(), name);
            row.right(name + TIME, Tone.PLAIN, micros(now == null ? null : now.p50()))
                    .right(name + 2 * TIME, Tone.TITLE, micros(now == null ? null : now.p99()))
                    .right(name + 3 * TIME, Tone.PLAIN, micros(now == null ? null : now.max()))
                    .right(last + 2 + TIME, Tone.PLAIN, micros(sum.p50()))
                    .right(last + 2 + 2 * TIME, Tone.TITLE, micros(sum.p99()))
                    .right(all, Tone.PLAIN, micros(sum.p999()))
                    .to(plot);
            Plot.line(row, delay.history(), canvas.width() - 1 - plot, Tone.DELAY, canvas.glyphs());
            lines.add(row.finish());
        }
    }

    /** One figure drawn large, with the seconds marked in which something happened. */
    void chart(List<String> lines, int number, int tall) {
        int gauges = scene.gauges().size();
        int all = gauges + scene.latencies().size();
        if (all == 0) {
            return;
        }
        int chosen = Math.floorMod(number, all);
        boolean isRate = chosen < gauges;
        Series series = isRate
                ? scene.gauges().get(chosen).history()
                : scene.latencies().get(chosen - gauges).history();
        String name = isRate
                ? scene.gauges().get(chosen).name()
                : scene.latencies().get(chosen - gauges).name() + " p99";
        double max = series.max(canvas.width() - 13);
        String top = isRate ? number(max) : micros(max);
        lines.add(canvas.row()
                .put(' ')
                .put(Tone.HEADING, name)
                .put(Tone.FAINT, ", each second; ^ = an event")
                .finish());
        List<Integer> marked = scene.events().stream()
                .map(Event::second)
                .filter(second -> second != null && second <= scene.progress().seconds())
                .map(second -> (int) (Math.floor(scene.progress().seconds()) - Math.floor(second)) - 1)
                .toList();
        Plot.tall(lines, canvas, series, tall, isRate ? Tone.LINE : Tone.DELAY, top, marked);
    }

    /** How connections ended at the left, what the kernels show at the right. */
    void counts(List<String> lines, int most) {
        boolean wide = canvas.width() >= WIDTH_FOR_LAST_SECOND;
        int right = canvas.width() / 2 + (wide ? 1 : -2);
        int all = wide ? right - 12 : right - 1;
        boolean ends = !scene.outcomes().isEmpty();
        int kernelAt = ends ? right : 1;
        Row heading = canvas.row().put(' ');
        if (ends) {
            heading.put(Tone.HEADING, "Connections")
                    .right(all, Tone.FAINT, "all")
                    .right(right - 3, Tone.FAINT, wide ? "last s" : "");
        }
        lines.add(heading.to(kernelAt)
                .put(Tone.HEADING, "Kernel")
                .right(canvas.width() - 13, Tone.FAINT, "client")
                .right(canvas.width() - 1, Tone.FAINT, "server")
                .finish());
        for (int i = 0; i < most; i++) {
            Row row = canvas.row().put(' ');
            if (i < scene.outcomes().size()) {
                Outcome outcome = scene.outcomes().get(i);
                outcome(row, outcome, all);
                row.right(right - 3, lastTone(outcome), wide ? InWords.count(outcome.last()) : "");
            }
            if (i < scene.kernel().size()) {
                row.to(kernelAt);
                kernel(row, scene.kernel().get(i));
            }
            lines.add(row.finish());
        }
    }

    private static void outcome(Row row, Outcome outcome, int right) {
        Tone tone = outcome.isError() && outcome.all() > 0 ? Tone.BAD : Tone.PLAIN;
        String all = InWords.count(outcome.all());
        row.put(tone, outcome.name(), right - 2 - all.length()).right(right, tone, all);
    }

    private static Tone lastTone(Outcome outcome) {
        return outcome.isError() && outcome.last() > 0 ? Tone.BAD : Tone.FAINT;
    }

    private void kernel(Row row, KernelLine line) {
        Tone tone = line.alarming() ? Tone.BAD : Tone.PLAIN;
        row.put(tone, line.name())
                .right(canvas.width() - 13, tone, line.client())
                .right(canvas.width() - 1, tone, line.server());
    }

    /** What happened; the newest, as many as there is room for. */
    void events(List<String> lines, int room) {
        List<Event> events = scene.events();
        int shown = Math.clamp(room - 1L, 0, events.size());
        if (room < 2 || shown == 0) {
            return;
        }
        lines.add(canvas.row().put(' ').put(Tone.HEADING, "Events").finish());
        for (Event event : events.subList(events.size() - shown, events.size())) {
            lines.add(event(event).finish());
        }
    }

    private Row event(Event event) {
        Double second = event.second();
        Row row = canvas.row()
                .right(9, Tone.FAINT, second == null ? "before" : String.format(Locale.ROOT, "%.1f s", second))
                .to(11);
        int room = canvas.width() - 14;
        return switch (event.kind()) {
            case SAID -> row.put(Tone.PLAIN, event.text(), room + 2);
            case ACTION -> row.put(Tone.HEADING, "> ").put(Tone.PLAIN, event.text(), room);
            case WARNING -> row.put(Tone.CAREFUL, "! ").put(Tone.CAREFUL, event.text(), room);
        };
    }

    private static String micros(@Nullable Double micros) {
        return micros == null ? NOTHING : InWords.micros(micros);
    }

    /** A rate to the unit where it is large, to a tenth where it is small. */
    private static String number(double value) {
        return value >= 100 ? InWords.count(Math.round(value)) : InWords.plain(Math.round(value * 10) / 10.0);
    }
}
