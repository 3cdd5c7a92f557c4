package io.tcplab.loadgen.run;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/** The JVM's garbage collections since {@link #begin}. One thread at a time. */
final class Collections {

    private long countBefore;
    private long millisBefore;
    private long lastCount;
    private long lastMillis;
    private double maxMillis;

    void begin() {
        read();
        countBefore = lastCount;
        millisBefore = lastMillis;
    }

    /** Called at each interval: the longest collection is known as far as such readings tell it apart. */
    void sample() {
        long count = lastCount;
        long millis = lastMillis;
        read();
        if (lastCount > count) {
            maxMillis = Math.max(maxMillis, (lastMillis - millis) / (double) (lastCount - count));
        }
    }

    private void read() {
        lastCount = 0;
        lastMillis = 0;
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            lastCount += collector.getCollectionCount();
            lastMillis += collector.getCollectionTime();
        }
    }

    long count() {
        return lastCount - countBefore;
    }

    double millis() {
        return lastMillis - millisBefore;
    }

    double maxMillis() {
        return maxMillis;
    }
}
