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
    SEND("notSent");

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
