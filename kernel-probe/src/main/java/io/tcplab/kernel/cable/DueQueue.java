package io.tcplab.kernel.cable;

import java.util.Arrays;

/** Numbers of packets by the time at which they are due; of those due together the first in goes out first. One thread's. */
final class DueQueue {
    private long[] due = new long[1024];
    private long[] order = new long[1024];
    private int[] slot = new int[1024];
    private int size;
    private long added;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** When the first is due. */
    long firstDue() {
        return size == 0 ? Long.MAX_VALUE : due[0];
    }

    void add(long dueNanos, int number) {
        if (size == due.length) {
            due = Arrays.copyOf(due, size * 2);
            order = Arrays.copyOf(order, size * 2);
            slot = Arrays.copyOf(slot, size * 2);
        }
        long arrival = added++;
        int at = size++;
        while (at > 0 && isBefore(dueNanos, arrival, (at - 1) / 2)) {
            move((at - 1) / 2, at);
            at = (at - 1) / 2;
        }
        put(at, dueNanos, arrival, number);
    }

    /** Takes the first out. */
    int poll() {
        int first = slot[0];
        int last = --size;
        long lastDue = due[last];
        long lastOrder = order[last];
        int at = 0;
        int child = 1;
        while (child < size) {
            if (child + 1 < size && isBefore(due[child + 1], order[child + 1], child)) {
                child++;
            }
            if (isBefore(lastDue, lastOrder, child)) {
                break;
            }
            move(child, at);
            at = child;
            child = 2 * at + 1;
        }
        put(at, lastDue, lastOrder, slot[last]);
        return first;
    }

    private boolean isBefore(long dueNanos, long arrival, int other) {
        long difference = dueNanos - due[other];
        return difference < 0 || (difference == 0 && arrival < order[other]);
    }

    private void move(int from, int to) {
        due[to] = due[from];
        order[to] = order[from];
        slot[to] = slot[from];
    }

    private void put(int at, long dueNanos, long arrival, int number) {
        due[at] = dueNanos;
        order[at] = arrival;
        slot[at] = number;
    }
}
