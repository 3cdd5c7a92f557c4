package io.tcplab.loadgen.record;

/** What is said of a distribution of latencies: its number of samples, or a time of it. */
public enum Statistic {
    MIN("min", 0),
    P50("p50", 20),
    P90("p90", 100),
    P99("p99", 1_000),
    P999("p999", 10_000),
    MAX("max", 0),
    MEAN("mean", 0),
    /** The number of samples, not a time. */
    COUNT("count", 0);

    private final String key;
    private final long samplesNeeded;

    Statistic(String key, long samplesNeeded) {
        this.key = key;
        this.samplesNeeded = samplesNeeded;
    }

    /** The name in thresholds; a time's key in {@code summary.json} ends in {@code Micros} as well. */
    public String key() {
        return key;
    }

    /** How many samples a percentile needs, so that ten lie above it; 0 for what is no percentile. */
    public long samplesNeeded() {
        return samplesNeeded;
    }

    /** The key of a time in {@code summary.json}, such as {@code p99Micros}. */
    public String microsKey() {
        return key + "Micros";
    }
}
