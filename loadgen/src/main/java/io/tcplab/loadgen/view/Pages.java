package io.tcplab.loadgen.view;

import io.tcplab.loadgen.view.Scene.Event;
import java.util.List;

/** The pages beside the figures: all warnings with their advice, and what the keys do. */
final class Pages {

    private static final List<String[]> KEYS = List.of(
            new String[] {"q", "ends the command and prints the result of what was measured"},
            new String[] {"Ctrl-C", "interrupts: partial results, exit code 130"},
            new String[] {"p, space", "pauses the view; the command continues"},
            new String[] {"m", "shows the next figure as the chart of a tall terminal"},
            new String[] {"w", "shows all warnings with their advice; again: back"},
            new String[] {"?, h", "shows this page; again: back"},
            new String[] {"Ctrl-L", "redraws the screen"});

    private static final List<String[]> FIGURES = List.of(
            new String[] {"now, plan", "of the last whole second; red: 5% or more from the plan"},
            new String[] {"last s, all", "percentiles of the last second, and of the whole recorded part"},
            new String[] {"startDelay", "the generator's own lateness: actual minus intended start"},
            new String[] {"accept queue", "connections that wait for accept(), and their limit"},
            new String[] {"TIME_WAIT", "on this port, by the side that closed first; each lasts 60 s"},
            new String[] {"~, –", "read more than 2 s ago; never read, or not observed"},
            new String[] {"all", "counts the whole network namespace, other traffic included"});

    private Pages() {}

    static void help(List<String> lines, Canvas canvas) {
        lines.add(canvas.row().finish());
        table(lines, canvas, "Keys", KEYS);
        lines.add(canvas.row().finish());
        table(lines, canvas, "Figures", FIGURES);
    }

    private static void table(List<String> lines, Canvas canvas, String heading, List<String[]> rows) {
        lines.add(canvas.row().put(' ').put(Tone.HEADING, heading).finish());
        for (String[] row : rows) {
            lines.add(canvas.row()
                    .to(3)
                    .put(Tone.TITLE, row[0])
                    .to(17)
                    .put(Tone.PLAIN, row[1])
                    .finish());
        }
    }

    static void warnings(List<String> lines, Scene scene, Canvas canvas) {
        lines.add(canvas.row().finish());
        List<Event> warnings = scene.events().stream()
                .filter(event -> event.kind() == Event.Kind.WARNING)
                .toList();
        if (warnings.isEmpty()) {
            lines.add(canvas.row()
                    .put(' ')
                    .put(Tone.PLAIN, "No warnings so far; some need the whole run.")
                    .finish());
        }
        for (Event warning : warnings) {
            wrapped(lines, canvas, Tone.CAREFUL, "! ", warning.text());
            wrapped(lines, canvas, Tone.PLAIN, "→ ", warning.advice());
            lines.add(canvas.row().finish());
        }
    }

    private static void wrapped(List<String> lines, Canvas canvas, Tone tone, String lead, String text) {
        int room = canvas.width() - 4;
        String rest = text;
        String begin = lead;
        while (!rest.isEmpty()) {
            int end = rest.length() <= room ? rest.length() : rest.lastIndexOf(' ', room);
            end = end <= 0 ? Math.min(room, rest.length()) : end;
            lines.add(canvas.row()
                    .put(' ')
                    .put(tone, begin)
                    .to(3)
                    .put(tone, rest.substring(0, end))
                    .finish());
            rest = rest.substring(end).stripLeading();
            begin = "";
        }
    }
}
