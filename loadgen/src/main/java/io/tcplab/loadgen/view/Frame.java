package io.tcplab.loadgen.view;

import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.view.Scene.Event;
import java.util.ArrayList;
import java.util.List;

/**
 * A scene as lines of text: always as many as the canvas is tall, each as wide as it is wide. A pure function. What is most needed comes
 * first, and what a small terminal has no room for is left out from the end of each part.
 */
final class Frame {

    private static final int LEAST_WIDTH = 40;
    private static final int LEAST_HEIGHT = 10;
    private static final int BASE_HEIGHT = 24;
    private static final int WIDTH_FOR_ALL_KEYS = 60;

    private final Scene scene;
    private final Look look;
    private final Canvas canvas;
    private final List<String> lines = new ArrayList<>();

    private Frame(Scene scene, Look look, Canvas canvas) {
        this.scene = scene;
        this.look = look;
        this.canvas = canvas;
    }

    /** The lines. */
    static List<String> of(Scene scene, Look look, Canvas canvas) {
        if (canvas.width() < LEAST_WIDTH || canvas.height() < LEAST_HEIGHT) {
            return new Frame(scene, look, canvas).tooSmall();
        }
        return new Frame(scene, look, canvas).draw();
    }

    private List<String> draw() {
        head();
        switch (look.page()) {
            case FIGURES -> figures();
            case WARNINGS -> Pages.warnings(lines, scene, canvas);
            case HELP -> Pages.help(lines, canvas);
        }
        fillTo(canvas.height() - 1);
        lines.add(keys());
        return lines;
    }

    private void head() {
        lines.add(canvas.row()
                .put(' ')
                .put(Tone.TITLE, scene.title(), canvas.width() - time().length() - 4)
                .right(canvas.width() - 1, Tone.PLAIN, time())
                .finish());
        lines.add(bar());
        String state = look.paused() ? "view paused, the command continues" : scene.state();
        lines.add(canvas.row()
                .put(' ')
                .put(Tone.FAINT, scene.words(), canvas.width() - state.length() - 4)
                .right(canvas.width() - 1, Tone.CAREFUL, state)
                .finish());
    }

    private String time() {
        Scene.Progress progress = scene.progress();
        Double left = progress.secondsLeft();
        String so = InWords.seconds(Math.floor(progress.seconds()));
        return left == null ? so : so + ", " + InWords.seconds(Math.ceil(left)) + " left";
    }

    private String bar() {
        Double fraction = scene.progress().fraction();
        int columns = canvas.width() - 2;
        int done = fraction == null ? 0 : (int) Math.round(Math.clamp(fraction, 0, 1) * columns);
        Row row = canvas.row().put(' ').begin(Tone.GOOD);
        for (int i = 0; i < done; i++) {
            row.put(canvas.glyphs().done());
        }
        row.end().begin(Tone.FAINT);
        for (int i = done; i < columns; i++) {
            row.put(canvas.glyphs().open());
        }
        return row.end().finish();
    }

    private void figures() {
        Sections sections = new Sections(scene, canvas);
        int extra = canvas.height() - BASE_HEIGHT;
        boolean airy = extra >= 4;
        extra -= airy ? 4 : 0;
        int fewest = Math.max(1, 4 + Math.min(0, extra / 2));
        int delays = Math.clamp(scene.latencies().size(), 0, fewest + Math.max(0, extra));
        extra -= Math.max(0, delays - 4);
        int counts = Math.clamp(6L + Math.min(0, (extra - 1) / 2), 1, 6);
        boolean anySecond =
                scene.gauges().stream().anyMatch(gauge -> gauge.history().size() > 0);
        int chart = extra >= 8 && anySecond ? Math.min(8, extra - 4) : 0;
        begin(airy);
        if (!scene.gauges().isEmpty()) {
            sections.gauges(lines);
        }
        if (delays > 0) {
            begin(airy);
            sections.delays(lines, delays);
        }
        if (chart > 0) {
            begin(airy);
            sections.chart(lines, look.chart(), chart);
        }
        if (!scene.outcomes().isEmpty() || !scene.kernel().isEmpty()) {
            begin(airy);
            sections.counts(lines, counts);
        }
        begin(airy);
        sections.events(lines, canvas.height() - 1 - lines.size());
    }

    private void begin(boolean airy) {
        if (airy) {
            lines.add(canvas.row().finish());
        }
    }

    private void fillTo(int height) {
        while (lines.size() > height) {
            lines.removeLast();
        }
        while (lines.size() < height) {
            lines.add(canvas.row().finish());
        }
    }

    private String keys() {
        long warnings = scene.events().stream()
                .filter(event -> event.kind() == Event.Kind.WARNING)
                .count();
        Row row = canvas.row();
        key(row, "q", "end");
        key(row, "p", look.paused() ? "resume" : "pause");
        if (canvas.width() >= WIDTH_FOR_ALL_KEYS) {
            key(row, "m", "next chart");
        }
        key(row, "w", warnings == 0 ? "warnings" : "warnings (" + warnings + ")");
        key(row, "?", "help");
        return row.finish();
    }

    private static void key(Row row, String key, String does) {
        row.put(' ')
                .put(Tone.HEADING, key)
                .put(' ')
                .put(Tone.FAINT, does)
                .put(' ')
                .put(' ');
    }

    private List<String> tooSmall() {
        lines.add(canvas.row().put(Tone.PLAIN, time()).finish());
        lines.add(canvas.row()
                .put(Tone.FAINT, "needs " + LEAST_WIDTH + "×" + LEAST_HEIGHT)
                .finish());
        fillTo(canvas.height());
        return lines;
    }
}
