package io.tcplab.loadgen.view;

import org.jspecify.annotations.Nullable;

/** The last values of a figure that has one each second; a second without a value is NaN. Not for several threads at a time. */
final class Series {

    /** As long as the widest terminal is wide. */
    private static final int MOST = 512;

    private final double[] ring = new double[MOST];
    private long added;
    private @Nullable Series copied;

    void add(double value) {
        copied = null;
        ring[(int) (added++ % MOST)] = value;
    }

    /** How many are known. */
    int size() {
        return (int) Math.min(added, MOST);
    }

    /** The value of {@code ago} seconds ago; 0 = the newest. */
    double ago(int ago) {
        return ring[(int) ((added - 1 - ago) % MOST)];
    }

    /** The newest; 0 without any. */
    double newest() {
        return size() == 0 ? 0 : ago(0);
    }

    /** The largest of the last {@code count}; 0 without any. */
    double max(int count) {
        double max = 0;
        for (int i = Math.min(count, size()) - 1; i >= 0; i--) {
            double value = ago(i);
            max = value > max ? value : max;
        }
        return max;
    }

    /** What is known now; the same object until another value is added. */
    Series copy() {
        Series copy = copied;
        if (copy == null) {
            copy = new Series();
            System.arraycopy(ring, 0, copy.ring, 0, MOST);
            copy.added = added;
            copied = copy;
        }
        return copy;
    }
}
