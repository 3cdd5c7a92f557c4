package io.tcplab.kernel;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last lines of what a program prints. Any thread may add or ask. */
public final class LastLines {

    private final int most;
    private final Deque<String> lines = new ArrayDeque<>();

    /** At most so many are kept. */
    public LastLines(int most) {
        this.most = most;
    }

    /** Adds one, of which the first 2,000 characters are kept; returns these. */
    public String add(String line) {
        String kept = line.length() > ShortLines.LONGEST ? line.substring(0, ShortLines.LONGEST) : line;
        synchronized (lines) {
            if (lines.size() == most) {
                lines.removeFirst();
            }
            lines.addLast(kept);
        }
        return kept;
    }

    /** Those that are kept, the oldest first. */
    public List<String> all() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /** The same in one line; empty where there is none. */
    @Override
    public String toString() {
        return String.join(" / ", all());
    }
}
