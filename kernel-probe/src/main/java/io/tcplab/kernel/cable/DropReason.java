package io.tcplab.kernel.cable;

/** Why a packet did not arrive. */
public enum DropReason {
    /** Drawn by chance: {@code loss}, also in bursts. */
    LOSS("lost"),
    /** Lost by name: {@code lose}. */
    NAMED("lostByName"),
    /** The queue before the rate was full. */
    QUEUE("queueFull"),
    /** The cable itself fell behind and its ring was full; what it was is not known. */
    RING("cableTooSlow"),
    /** More packets were under way than the cable keeps. */
    MEMORY("cableFull"),
    /** The kernel did not take the packet. */
    SEND("notSent"),
    /**
     * The kernel dropped it before it reached the cable, and the sender's device counted it: the queue of packets that a CPU has yet to
     * take in was full (net.core.netdev_max_backlog; enqueue_to_backlog, net/core/dev.c). The cable has not seen it.
     */
    BACKLOG("backlogFull");

    private final String word;

    DropReason(String word) {
        this.word = word;
    }

    /** As in results. */
    public String word() {
        return word;
    }

    /** Whether it was asked for; the others are the cable's own failures. */
    public boolean asked() {
        return this == LOSS || this == NAMED || this == QUEUE;
    }
}
