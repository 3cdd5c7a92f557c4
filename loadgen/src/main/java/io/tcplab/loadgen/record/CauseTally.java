package io.tcplab.loadgen.record;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Distinct causes of failure, each kept once with its count and when it was first and last seen. Safe for several threads. */
public final class CauseTally {

    private static final int LIMIT = 100;

    private final Map<String, Cause> causes = new LinkedHashMap<>();

    /**
     * One distinct cause.
     *
     * @param cause system call and errno, or what was wrong
     * @param count how often
     * @param firstNanos when first, a {@link System#nanoTime} value
     * @param lastNanos when last
     */
    public record Cause(String cause, long count, long firstNanos, long lastNanos) {}

    /** Counts one occurrence at {@code nowNanos}. Beyond 100 distinct causes, new ones are counted together. */
    public synchronized void count(String cause, long nowNanos) {
        String key = causes.size() < LIMIT || causes.containsKey(cause) ? cause : "other causes";
        causes.merge(
                key,
                new Cause(key, 1, nowNanos, nowNanos),
                (before, _) -> new Cause(key, before.count() + 1, before.firstNanos(), nowNanos));
    }

    /** Returns the causes in the order in which they were first seen. */
    public synchronized List<Cause> read() {
        return new ArrayList<>(causes.values());
    }
}
