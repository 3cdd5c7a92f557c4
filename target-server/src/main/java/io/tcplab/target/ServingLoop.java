package io.tcplab.target;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.tcplab.target.protocol.Pattern;
import org.jspecify.annotations.Nullable;

/** One event loop with what its connections share. Everything but the counters is touched by the loop's thread alone. */
final class ServingLoop {

    final EventLoop eventLoop;
    final LoopCounters counters = new LoopCounters();
    final LoopReadBuffer readBuffer = new LoopReadBuffer(ByteBufAllocator.DEFAULT);
    final ByteTally byteTally = new ByteTally(counters);
    final LingeringCloses lingeringCloses;

    private ByteBuf view = Pattern.view(0, 0, 0);
    private @Nullable ServedConnection first;

    ServingLoop(EventLoop eventLoop, LingeringCloses lingeringCloses) {
        this.eventLoop = eventLoop;
        this.lingeringCloses = lingeringCloses;
        keepView();
    }

    /**
     * Pattern bytes to write. The same object is given out each time: whoever finds it still in a channel's outbound buffer after a
     * flush must {@link #keepView} it there.
     *
     * @param length at most {@link Pattern#PERIOD}
     */
    ByteBuf view(int seed, long position, int length) {
        int offset = Pattern.offset(seed, position);
        return view.setIndex(offset, offset + length);
    }

    /** Leaves the last view to the channel that still has it. */
    void keepView() {
        view = Pattern.whole();
    }

    void add(ServedConnection connection) {
        connection.next = first;
        if (first != null) {
            first.previous = connection;
        }
        first = connection;
        counters.increment(Counter.ACCEPTED);
    }

    void remove(ServedConnection connection) {
        if (connection.previous != null) {
            connection.previous.next = connection.next;
        } else {
            first = connection.next;
        }
        if (connection.next != null) {
            connection.next.previous = connection.previous;
        }
        connection.previous = null;
        connection.next = null;
        counters.increment(Counter.ENDED);
    }

    /** Closes what is idle, and lets the rest close itself when its exchange is done. */
    void finish() {
        ServedConnection connection = first;
        while (connection != null) {
            ServedConnection next = connection.next;
            connection.finish();
            connection = next;
        }
    }
}
