package io.tcplab.loadgen.connection.wire;

import io.netty.channel.IoHandlerContext;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.tcplab.kernel.syscall.FastCalls;
import io.tcplab.kernel.syscall.Ring;
import io.tcplab.kernel.syscall.RingBuffers;
import io.tcplab.kernel.syscall.RingRefused;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Waits with an io_uring(7) for the sockets of one of Netty's event loops. Whatever a socket asks of the kernel without having to know
 * the result at once is staged here and begun together with the rest: when the loop looks or waits. Where no socket waits for anything
 * the loop does not look, and what is staged, closes, goes with the next sockets that are made.
 */
final class UringPoller extends WirePoller {

    private static final int ENTRIES = 256;
    private static final int COMPLETIONS = 4096;
    private static final int BUFFERS = 512;
    private static final int BUFFER_BYTES = 4096;
    private static final int POLLIN = 1;

    /** So many connections in a row without a pause make a loop busy. */
    private static final int BUSY = 8;

    private final Ring ring;
    private final RingBuffers buffers = new RingBuffers(BUFFERS, BUFFER_BYTES);
    private final UringSlots slots;
    private final UringConnects connects;

    /** By the family of addresses; those of the targets. */
    private final List<PreparedSockets> prepared;

    /** Sockets with something to tell their owners, the oldest first. */
    private @Nullable UringWire firstReady;

    private @Nullable UringWire lastReady;
    private int readyCount;

    /** Operations of sockets that are not over. */
    private int inProgress;

    private int opened;

    UringPoller(ThreadAwareExecutor executor, SocketSettings settings, FastCalls calls) throws RingRefused {
        super(executor);
        slots = new UringSlots();
        connects = new UringConnects(slots);
        ring = new Ring(ENTRIES, COMPLETIONS);
        prepared = settings.families().stream()
                .map(family -> new PreparedSockets(family, settings, ring, calls, this::collect))
                .toList();
    }

    /** Called on the loop's thread before anything else. */
    void enable() {
        connects.enable();
        ring.enable();
        ring.register(buffers);
        ring.pollAlways(waker, POLLIN, UringTag.of(UringTag.WAKE, 0));
        replenish(Long.MAX_VALUE);
        ring.submit();
    }

    Ring ring() {
        return ring;
    }

    RingBuffers buffers() {
        return buffers;
    }

    UringConnects connects() {
        return connects;
    }

    UringSlots slots() {
        return slots;
    }

    /** The sockets of a family, which is a target's. */
    PreparedSockets prepared(int family) {
        PreparedSockets first = prepared.getFirst();
        return first.family() == family ? first : prepared.getLast();
    }

    private void finishPrepared() {
        for (int i = 0; i < prepared.size(); i++) {
            prepared.get(i).finish();
        }
    }

    private void replenish(long nanosLeft) {
        for (int i = 0; i < prepared.size(); i++) {
            prepared.get(i).replenish(nanosLeft);
        }
    }

    /** An operation of a socket was staged. */
    void began() {
        inProgress++;
    }

    /** A connection begins; how many have since the loop last waited tells how busy it is. */
    void opens() {
        opened++;
    }

    /** Whether many connections have begun since the loop last had to wait. */
    boolean isBusy() {
        return opened >= BUSY;
    }

    boolean awaitsReadiness() {
        return inProgress > 0 || readyCount > 0;
    }

    /** Has the socket's owner told in the next turn, or in this one. */
    void queue(UringWire wire) {
        if (wire.queued) {
            return;
        }
        wire.queued = true;
        UringWire last = lastReady;
        if (last == null) {
            firstReady = wire;
        } else {
            last.nextReady = wire;
        }
        lastReady = wire;
        readyCount++;
    }

    @Override
    public int run(IoHandlerContext context) {
        collect();
        if (readyCount == 0 && context.canBlock()) {
            opened = 0;
            replenish(context.delayNanos(System.nanoTime()));
            block(context);
            collect();
            finishPrepared();
        } else if (ring.hasWork() || ring.staged() > 0) {
            ring.submit();
            collect();
            finishPrepared();
        }
        return tell();
    }

    private void block(IoHandlerContext context) {
        aboutToWait();
        try {
            long nanos = context.canBlock() ? context.delayNanos(System.nanoTime()) : 0;
            if (nanos > 0) {
                ring.await(nanos);
            } else {
                ring.submit();
            }
        } finally {
            awake();
        }
    }

    /** Takes what the kernel says, and tells nobody yet. */
    void collect() {
        while (ring.hasCompletion()) {
            long tag = ring.tag();
            int result = ring.result();
            int flags = ring.flags();
            ring.advance();
            switch (UringTag.kind(tag)) {
                case UringTag.WAKE -> rearm(flags);
                case UringTag.SOCKET -> prepared((int) UringTag.number(tag)).made(result);
                case UringTag.SETTING -> settingFailed(UringTag.number(tag), result);
                case UringTag.RECEIVE -> {
                    inProgress--;
                    slots.at((int) UringTag.number(tag)).received(result, flags);
                }
                case UringTag.INPUT -> {
                    boolean over = (flags & Ring.CQE_MORE) == 0;
                    inProgress -= over ? 1 : 0;
                    slots.at((int) UringTag.number(tag)).inputCame(over, result);
                }
                case UringTag.OUTPUT -> {
                    inProgress--;
                    slots.at((int) UringTag.number(tag)).outputCame();
                }
                default -> {} // a cancellation that came too late
            }
        }
    }

    private void settingFailed(long number, int result) {
        for (int i = 0; i < prepared.size(); i++) {
            prepared.get(i).failed(number, result);
        }
    }

    private void rearm(int flags) {
        if ((flags & Ring.CQE_MORE) == 0) {
            ring.pollAlways(waker, POLLIN, UringTag.of(UringTag.WAKE, 0));
        }
    }

    /** Tells the owners of those that are ready by now; one that becomes so meanwhile has its turn next. */
    private int tell() {
        int told = 0;
        for (int left = readyCount; left > 0; left--) {
            UringWire wire = firstReady;
            if (wire == null) {
                break;
            }
            UringWire following = wire.nextReady;
            firstReady = following;
            if (following == null) {
                lastReady = null;
            }
            wire.nextReady = null;
            wire.queued = false;
            readyCount--;
            told += wire.tell();
        }
        return told;
    }

    @Override
    public void destroy() {
        super.destroy();
        ring.submit();
        collect();
        prepared.forEach(PreparedSockets::close);
        ring.close();
        connects.close();
    }
}
