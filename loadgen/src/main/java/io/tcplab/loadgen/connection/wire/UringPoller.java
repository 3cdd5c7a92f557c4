package io.tcplab.loadgen.connection.wire;

import io.netty.channel.IoHandlerContext;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.tcplab.kernel.syscall.FastCalls;
import io.tcplab.kernel.syscall.ReadySlots;
import io.tcplab.kernel.syscall.Ring;
import io.tcplab.kernel.syscall.RingBuffers;
import io.tcplab.kernel.syscall.RingRefused;
import io.tcplab.kernel.syscall.RingSlots;
import io.tcplab.kernel.syscall.RingTag;
import io.tcplab.kernel.syscall.SendBuffers;
import java.util.List;

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

    /** So many sockets are served, or requests made, before those requests go out that have been made. */
    private static final int MOST_BEFORE_SEND = 8;

    private final Ring ring;
    private final RingBuffers buffers = new RingBuffers(BUFFERS, BUFFER_BYTES);
    private final SendBuffers outputs = new SendBuffers();
    private final RingSlots<UringWire> slots;
    private final UringConnects connects;

    /** By the family of addresses; those of the targets. */
    private final List<PreparedSockets> prepared;

    /** Sockets whose owners are told in the next turn, or in this one. */
    private final ReadySlots ready = new ReadySlots();

    /** Operations of sockets that are not over. */
    private int inProgress;

    private final LateReceives late = new LateReceives();

    private final RecentOpens recentOpens = new RecentOpens();

    /** Requests that may not have gone out yet. */
    private int stagedSends;

    /** Sockets whose request was staged, and has gone out when the kernel has begun it and says nothing. */
    private final ReadySlots unsettled = new ReadySlots();

    UringPoller(ThreadAwareExecutor executor, SocketSettings settings, FastCalls calls) throws RingRefused {
        super(executor);
        slots = new RingSlots<>();
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
        ring.pollAlways(waker, POLLIN, RingTag.of(UringTag.WAKE, 0));
        replenish(Long.MAX_VALUE);
        ring.submit();
    }

    Ring ring() {
        return ring;
    }

    RingBuffers buffers() {
        return buffers;
    }

    SendBuffers outputs() {
        return outputs;
    }

    UringConnects connects() {
        return connects;
    }

    RingSlots<UringWire> slots() {
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

    /** An operation of a socket was staged, or is late. */
    void began() {
        inProgress++;
    }

    /** One that was late is not begun. */
    void forgot() {
        inProgress--;
    }

    /** A request was staged. */
    void sends(int slot) {
        began();
        unsettled.add(slot);
        if (++stagedSends >= MOST_BEFORE_SEND) {
            beginSends();
        }
    }

    /** A request has gone out, or cannot. */
    void sendEnded() {
        inProgress--;
    }

    /** Sends what was staged to be sent: nothing that takes its time is to come before. */
    private void beginSends() {
        if (stagedSends > 0 && ring.staged() > 0) {
            ring.submit();
            late.sent();
            if (ring.staged() == 0 && !ring.hasCompletion()) {
                settle();
            }
        }
        stagedSends = 0;
    }

    /** A connection begins; how many have of late tells how busy the loop is. */
    void opens() {
        beginSends();
        recentOpens.opens();
    }

    /** Whether what connections ask is worth sharing. */
    boolean isBusy() {
        return recentOpens.isBusy();
    }

    boolean awaitsReadiness() {
        return inProgress > 0 || ready.count() > 0;
    }

    ReadySlots ready() {
        return ready;
    }

    LateReceives late() {
        return late;
    }

    @Override
    public int run(IoHandlerContext context) {
        stagedSends = 0; // they go out in this turn, as each ends in a wait or a look
        collect();
        if (ready.count() == 0 && context.canBlock()) {
            long now = System.nanoTime();
            recentOpens.waits(now);
            replenish(context.delayNanos(now));
            awaitInput(context);
            finishPrepared();
        } else if (ring.hasWork() || ring.staged() > 0 || late.due() > 0) {
            look();
            finishPrepared();
        }
        int told = tell();
        if (stagedSends == 0) {
            late.sent();
        }
        late.turnEnds();
        return told;
    }

    /** Begins what is staged and the receives that are due, and takes what has come. */
    private void look() {
        for (int left = late.due(); left > 0; left--) {
            slots.at(late.takeFirst()).beginLate(true);
        }
        ring.submit();
        collect();
    }

    private void awaitInput(IoHandlerContext context) {
        if (late.due() > 0) {
            look();
        }
        if (ready.count() == 0) {
            while (late.count() > 0) {
                slots.at(late.takeFirst()).beginLate(false);
            }
            block(context);
            collect();
        }
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
        boolean allBegun = ring.staged() == 0;
        takeCompletions();
        if (allBegun) {
            settle();
        }
    }

    /** All that was staged before the last completion was taken is begun: of a request that failed the kernel has told. */
    private void settle() {
        if (unsettled.count() > 0 && !ring.keepsCompletions()) {
            while (unsettled.count() > 0) {
                slots.at(unsettled.takeFirst()).sentAtOnce();
            }
        }
    }

    private void takeCompletions() {
        while (ring.hasCompletion()) {
            long tag = ring.tag();
            int result = ring.result();
            int flags = ring.flags();
            ring.advance();
            switch (RingTag.kind(tag)) {
                case UringTag.WAKE -> rearm(flags);
                case UringTag.SOCKET -> prepared((int) RingTag.number(tag)).made(result);
                case UringTag.SETTING -> settingFailed(RingTag.number(tag), result);
                case UringTag.RECEIVE -> {
                    inProgress--;
                    slots.at((int) RingTag.number(tag)).received(result, flags);
                }
                case UringTag.INPUT -> {
                    boolean over = (flags & Ring.CQE_MORE) == 0;
                    inProgress -= over ? 1 : 0;
                    slots.at((int) RingTag.number(tag)).inputCame(over, result);
                }
                case UringTag.OUTPUT -> {
                    inProgress--;
                    slots.at((int) RingTag.number(tag)).outputCame(result);
                }
                case UringTag.SEND -> slots.at((int) RingTag.number(tag)).sent(result);
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
            ring.pollAlways(waker, POLLIN, RingTag.of(UringTag.WAKE, 0));
        }
    }

    /** Tells the owners of those that are ready by now; one that becomes so meanwhile has its turn next. */
    private int tell() {
        int told = 0;
        for (int left = ready.count(); left > 0; left--) {
            told += slots.at(ready.takeFirst()).tell();
            if (told % MOST_BEFORE_SEND == 0) {
                beginSends();
            }
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
