package io.tcplab.companion;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.tcplab.companion.protocol.Pattern;
import org.jspecify.annotations.Nullable;

/** One event loop with what its connections share. Everything but the counters is touched by the loop's thread alone. */
final class ServingLoop {

    private static final int BUFFER_BYTES = 256 << 10;
    private static final int MOST_CONFIDENCE = 16;
    private static final int LOOK_AGAIN_EVERY = 64;

    final EventLoop eventLoop;
    final LoopIo io;
    final LoopCounters counters = new LoopCounters();
    final LingeringCloses lingeringCloses;

    /** Set by another thread right after the start; volatile, so that the loop sees it. */
    volatile Runnable outOfMemory = () -> {};

    private final ByteBuf buffer = Unpooled.directBuffer(BUFFER_BYTES, BUFFER_BYTES);
    private final ByteBuf view = Pattern.whole();
    private @Nullable ByteBuf secureInput;
    private @Nullable ByteBuf secureOutput;
    private @Nullable ServedConnection first;
    private int confidence = MOST_CONFIDENCE;
    private int notLooked;
    private final long mostAbandoned;
    private long abandoned;

    ServingLoop(EventLoop eventLoop, LoopIo io, LingeringCloses lingeringCloses, long mostAbandoned) {
        this.mostAbandoned = mostAbandoned;
        this.eventLoop = eventLoop;
        this.io = io;
        this.lingeringCloses = lingeringCloses;
    }

    /** What every read goes into. */
    ByteBuf buffer() {
        return buffer;
    }

    /** What encrypted bytes are read into; made when it is first needed. */
    ByteBuf secureInput() {
        ByteBuf made = secureInput;
        if (made == null) {
            made = Unpooled.directBuffer(TlsWire.INPUT_BYTES, TlsWire.INPUT_BYTES);
            secureInput = made;
        }
        return made;
    }

    /** What encrypted bytes are sent from; made when it is first needed. */
    ByteBuf secureOutput() {
        ByteBuf made = secureOutput;
        if (made == null) {
            made = Unpooled.directBuffer(TlsWire.OUTPUT_BYTES, TlsWire.OUTPUT_BYTES);
            secureOutput = made;
        }
        return made;
    }

    /**
     * Pattern bytes to send, always in the same object.
     *
     * @param length at most {@link Pattern#PERIOD}
     */
    ByteBuf view(int seed, long position, int length) {
        int offset = Pattern.offset(seed, position);
        return view.setIndex(offset, offset + length);
    }

    /**
     * Whether a new connection is to be read before epoll is asked. That saves the epoll_ctl and a wake-up where the first request
     * has come with the connection, and wastes a read where it has not: so it goes by what the last ones showed.
     */
    boolean looksAtOnce() {
        return confidence > 0 || ++notLooked % LOOK_AGAIN_EVERY == 0;
    }

    /** Whether a look found something. */
    void looked(boolean found) {
        confidence = found ? Math.min(confidence + 1, MOST_CONFIDENCE) : Math.max(confidence - 1, 0);
    }

    /** Counts a connection that a peer has asked to be left open for ever; false = there are too many of them already. */
    boolean mayAbandon() {
        return abandoned < mostAbandoned && ++abandoned > 0;
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
        for (ServedConnection at = first, next; at != null; at = next) {
            next = at.next;
            at.finish();
        }
    }

    /** Closes every descriptor, abandoned ones too. */
    void closeAll() {
        for (ServedConnection at = first, next; at != null; at = next) {
            next = at.next;
            at.closeDescriptor();
        }
    }

    /** Gives the memory back; the loop must have ended. */
    void release() {
        buffer.release();
        if (secureInput != null) {
            secureInput.release();
        }
        if (secureOutput != null) {
            secureOutput.release();
        }
    }
}
