package io.tcplab.kernel.cable;

import io.tcplab.kernel.Side;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** What is given each packet as it enters the cable, on the cable's thread: it must not wait, and not keep the memory. */
public interface CapturedPackets {

    /**
     * A packet of this many bytes at {@code at}.
     *
     * @param realNanos when it entered, since 1970
     * @param dropped why it will not arrive; absent = it will
     */
    void take(Side from, long realNanos, MemorySegment memory, long at, int length, @Nullable DropReason dropped);

    /** The cable's counts were read: they have the packets so far, and those that come from now on only if they are read again. */
    default void counted() {}
}
