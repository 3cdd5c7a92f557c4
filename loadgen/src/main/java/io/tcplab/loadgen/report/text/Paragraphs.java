package io.tcplab.loadgen.report.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Lines for a terminal of 80 columns, with titles, and broken where they are longer. */
final class Paragraphs {

    private static final int WIDTH = 80;

    /** A figure and its unit stay on one line. */
    private static final Pattern UNIT = Pattern.compile("(\\d) (ns|µs|ms|s|min)\\b");

    private final Ink ink;
    private final List<String> lines = new ArrayList<>();

    Paragraphs(Ink ink) {
        this.ink = ink;
    }

    void add(String line) {
        lines.add(line);
    }

    void addAll(List<String> all) {
        lines.addAll(all);
    }

    /** An empty line and the title of what follows. */
    void title(String title) {
        add("");
        add(ink.bold(title));
    }

    /** Breaks at spaces; only plain text, so that lengths are what is seen. */
    void wrapped(String first, String next, String text) {
        StringBuilder line = new StringBuilder(first);
        boolean empty = true;
        for (String word : UNIT.matcher(text).replaceAll("$1\u00a0$2").split(" ")) {
            if (!empty && line.length() + 1 + word.length() > WIDTH) {
                add(line.toString());
                line = new StringBuilder(next);
                empty = true;
            }
            line.append(empty ? "" : " ").append(word.replace('\u00a0', ' '));
            empty = false;
        }
        add(line.toString());
    }

    static String shortened(String name, int length) {
        return name.length() <= length ? name : name.substring(0, length - 1) + "…";
    }

    /** The whole text, with a newline at its end. */
    String text() {
        return String.join("\n", lines) + "\n";
    }
}
