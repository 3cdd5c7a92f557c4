package io.tcplab.loadgen.connection.wire;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.Forks;
import io.tcplab.kernel.syscall.Ring;
import io.tcplab.kernel.syscall.RingTag;
import io.tcplab.kernel.syscall.SendBuffers;
import java.lang.foreign.MemorySegment;

/**
 * A socket that an io_uring serves. What its connection has to know at once is one system call; what it waits for is an operation in
 * progress: a receive where input is expected shortly, which brings the bytes along, and a poll where it may take long, as nothing is to
 * be taken from the socket then that nobody asks for. A request goes out with the receive of its answer, by one call for both.
 *
 * <p>The object serves one connection after another: from {@link #serve} to {@link #release}.
 */
final class UringWire extends SocketWire {

    /** epoll's names are poll's. */
    private static final int INPUT = EpollPoller.EPOLLIN | EpollPoller.EPOLLRDHUP;

    private static final int OPEN = Integer.MIN_VALUE;
    private static final int NO_BUFFER = -1;
    private static final int NO_FREE_BUFFER = -Errno.ENOBUFS.number();

    /** Every so many closes one is made by a call of its own, which is timed. */
    private static final int TIMED_EVERY = 16;

    final int slot;

    private final UringWires wires;
    private final UringPoller poller;
    private final Ring ring;

    @SuppressWarnings("NullAway.Init") // set by serve()
    private Owner owner;

    @SuppressWarnings("NullAway.Init") // set by serve()
    private MemorySegment target;

    private boolean connecting;
    private int connectOutcome;
    private boolean receiving;
    private boolean polling;
    private boolean awaitingOutput;

    /** The length of a send that was staged and has not been told of, in {@link #output}; 0 = none. */
    private int sending;

    private int output;

    /** Of a send that failed, until its owner is told: how much was not sent, and the errno; 0 = none. */
    private int unsent;

    private int sendErrno;

    /** Readiness is told until the end, as {@link #await} was called. */
    private boolean persistent;

    /** SO_LINGER {1, 0} is set when the socket is closed. */
    private boolean aborts;

    /** The peer's FIN is known to have come. */
    private boolean hangUp;

    private boolean gone;
    private int operations;
    private int buffer = NO_BUFFER;
    private int bufferFrom;
    private int bufferLength;

    /** When the buffer was filled the socket had more. */
    private boolean hasMore;

    /** What the next receive finds: the peer's FIN, an errno, or {@link #OPEN}. */
    private int end = OPEN;

    UringWire(UringWires wires, int slot) {
        super(wires.calls(), -1);
        this.wires = wires;
        this.poller = wires.poller();
        this.ring = poller.ring();
        this.slot = slot;
    }

    /** Takes a socket, which connects to {@code address}, a struct sockaddr. */
    void serve(int socket, Owner forWhom, MemorySegment address) {
        target = address;
        descriptor = socket;
        owner = forWhom;
        connectOutcome = 0;
        persistent = false;
        aborts = false;
        gone = false;
        hasMore = false;
        hangUp = false;
        sendErrno = 0;
        end = OPEN;
    }

    @Override
    public int connect() {
        return wires.connectsPlainly()
                ? calls.connect(descriptor, target)
                : wires.connects().begin(this, target);
    }

    void connectBegun() {
        connecting = true;
        operations++;
        connectOutcome = IN_PROGRESS;
    }

    void connectEnded(int result) {
        connecting = false;
        operations--;
        connectOutcome = result;
        freeIfOver();
    }

    boolean isConnecting() {
        return connecting;
    }

    int connectOutcome() {
        return connectOutcome;
    }

    @Override
    public int establishedNow() {
        return connecting ? 0 : super.establishedNow();
    }

    @Override
    public int connectResult() {
        int result = wires.connectsPlainly()
                ? super.connectResult()
                : wires.connects().look(this);
        if (result == IN_PROGRESS) {
            awaitOutput();
        }
        return result;
    }

    @Override
    public int send(Buffer from, int length) {
        return connecting || stillSends() ? AGAIN : sendErrno != 0 ? takeSendError() : super.send(from, length);
    }

    @Override
    public int sendSoon(Buffer from, int length) {
        if (connecting || sending > 0 || length > SendBuffers.SIZE || wires.connectsPlainly()) {
            return send(from, length);
        }
        output = poller.outputs().fill(from.address(), length);
        if (output == SendBuffers.NONE) {
            return send(from, length);
        }
        sending = length;
        operations++;
        ring.send(descriptor, poller.outputs().address(output), length, tag(UringTag.SEND));
        poller.sends();
        return length;
    }

    /** Has a send that is only staged made; whether it has to wait for room all the same. */
    private boolean stillSends() {
        if (sending > 0) {
            ring.submit();
            poller.collect();
        }
        return sending > 0;
    }

    private int takeSendError() {
        int error = -sendErrno;
        sendErrno = 0;
        return error;
    }

    /** A send that was staged has ended. */
    void sent(int result) {
        int length = sending;
        sending = 0;
        operations--;
        poller.outputs().giveBack(output);
        if (gone) {
            freeIfOver();
        } else if (result < length) {
            unsent = length - Math.max(0, result);
            // One that has sent a part has met an error then, and the kernel tells of it no more.
            sendErrno = result < 0 ? -result : Errno.EPIPE.number();
            poller.ready().add(slot);
        }
    }

    @Override
    public int shutdownOutput() {
        boolean _ = stillSends();
        return super.shutdownOutput();
    }

    @Override
    public boolean look(Vitals vitals) {
        boolean _ = stillSends();
        return super.look(vitals);
    }

    @Override
    public int receive(Buffer into) {
        if (receiving) {
            poller.collect();
        }
        int taken = 0;
        if (buffer != NO_BUFFER) {
            taken = Math.min(bufferLength, into.size());
            poller.buffers().copy(buffer, bufferFrom, into.address(), taken);
            bufferFrom += taken;
            bufferLength -= taken;
            if (bufferLength > 0 || giveBack()) {
                return taken;
            }
        } else if (end != OPEN) {
            return takeEnd();
        }
        int received = calls.receive(descriptor, into.address() + taken, into.size() - taken);
        return taken == 0 ? received : behind(taken, received);
    }

    /** Whether there is nothing more to read behind the buffer that is given back. */
    private boolean giveBack() {
        poller.buffers().giveBack(buffer);
        buffer = NO_BUFFER;
        return !hasMore || end != OPEN;
    }

    private int takeEnd() {
        int told = end;
        // The kernel, too, tells an error once, and the end from then on.
        end = 0;
        return told;
    }

    /** What the buffer held is told first, what the socket said then. */
    private int behind(int taken, int received) {
        if (received > 0) {
            return taken + received;
        } else if (received == 0) {
            end = 0;
            owner.closing();
        } else if (received != AGAIN) {
            end = received;
        }
        return taken;
    }

    @Override
    public int linger(int seconds) {
        aborts = seconds == 0;
        return aborts ? 0 : super.linger(seconds);
    }

    @Override
    public boolean isAwaited() {
        return receiving || polling || poller.ready().contains(slot);
    }

    private boolean hasUnread() {
        return buffer != NO_BUFFER || end != OPEN;
    }

    @Override
    public int peek() {
        if (receiving) {
            poller.collect();
        }
        return buffer != NO_BUFFER ? 1 : end != OPEN ? end : super.peek();
    }

    @Override
    public void expect() {
        if (hasUnread()) {
            poller.ready().add(slot);
        } else if (!receiving && !polling) {
            receiving = true;
            begun();
            ring.receive(descriptor, tag(UringTag.RECEIVE));
        }
    }

    @Override
    public void await(boolean output) {
        if (output) {
            awaitOutput();
        }
        if (connecting) {
            return;
        }
        persistent = true;
        if (hasUnread()) {
            poller.ready().add(slot);
        } else {
            poll();
        }
    }

    @Override
    public void awaitAgain() {
        poller.ready().add(slot);
        persistent = true;
        poll();
    }

    private void poll() {
        if (!connecting && !receiving && !polling) {
            polling = true;
            begun();
            ring.pollAlways(descriptor, INPUT, tag(UringTag.INPUT));
        }
    }

    private void awaitOutput() {
        if (!awaitingOutput) {
            awaitingOutput = true;
            begun();
            ring.poll(descriptor, EpollPoller.EPOLLOUT, tag(UringTag.OUTPUT));
        }
    }

    private long tag(int kind) {
        return RingTag.of(kind, slot);
    }

    private void begun() {
        operations++;
        poller.began();
    }

    /** A receive has ended. */
    void received(int result, int flags) {
        receiving = false;
        operations--;
        boolean filled = (flags & Ring.CQE_BUFFER) != 0;
        if (gone) {
            if (filled) {
                poller.buffers().giveBack(Ring.buffer(flags));
            }
            freeIfOver();
            return;
        }
        if (filled && result > 0) {
            buffer = Ring.buffer(flags);
            bufferFrom = 0;
            bufferLength = result;
            hasMore = (flags & Ring.CQE_NOT_EMPTY) != 0;
        } else {
            if (filled) {
                poller.buffers().giveBack(Ring.buffer(flags));
            }
            // Without a free buffer the owner receives by a call.
            end = result == NO_FREE_BUFFER ? OPEN : result;
        }
        poller.ready().add(slot);
        if (persistent) {
            poll();
        }
    }

    /** There is something to read, or the poll has ended. */
    void inputCame(boolean over, int result) {
        if (over) {
            polling = false;
            operations--;
        }
        if (gone) {
            freeIfOver();
        } else {
            hangUp |= result > 0 && (result & EpollPoller.EPOLLRDHUP) != 0;
            poller.ready().add(slot);
            if (over && result >= 0) {
                poll();
            }
        }
    }

    /** Something can be sent, or the handshake is over. */
    void outputCame() {
        awaitingOutput = false;
        operations--;
        if (gone) {
            freeIfOver();
        } else {
            poller.ready().add(slot);
        }
    }

    /** Tells the owner; returns 1 if there was one. */
    int tell() {
        if (gone) {
            freeIfOver();
            return 0;
        }
        if (sendErrno != 0) {
            owner.unsent(unsent, -takeSendError());
        }
        if (!gone) {
            owner.ready(hangUp);
        }
        return 1;
    }

    @Override
    public int release() {
        endHandshake();
        if (isBusy()) {
            cancelAll();
            stageClose();
            ring.submit();
            poller.collect();
            leave();
            return 0;
        }
        if (aborts) {
            super.linger(0);
        }
        int result = calls.close(descriptor);
        leave();
        return result;
    }

    /** A busy loop has other connections to serve: what they close goes with one call, but for one in {@link #TIMED_EVERY}. */
    @Override
    public int releaseSoon() {
        if (connecting || !poller.isBusy() || wires.countClose() % TIMED_EVERY == 0) {
            return release();
        }
        cancelAll();
        stageClose();
        leave();
        return CLOSES_SOON;
    }

    @Override
    public LingeringClose detach() {
        endHandshake();
        if (isBusy()) {
            // An operation in progress holds the socket open: the close would not be the last one, and would not wait.
            cancelAll();
            ring.submit();
            poller.collect();
        }
        int left = descriptor;
        leave();
        return () -> Forks.close(left);
    }

    private void endHandshake() {
        if (connecting) {
            wires.connects().cancel(this);
        }
    }

    private boolean isBusy() {
        return receiving || polling || awaitingOutput || sending > 0;
    }

    private void cancelAll() {
        if (receiving) {
            ring.cancel(tag(UringTag.RECEIVE), tag(UringTag.REST));
        }
        if (polling) {
            ring.cancel(tag(UringTag.INPUT), tag(UringTag.REST));
        }
        if (awaitingOutput) {
            ring.cancel(tag(UringTag.OUTPUT), tag(UringTag.REST));
        }
        if (sending > 0) {
            // Made before this, where it was only staged.
            ring.cancel(tag(UringTag.SEND), tag(UringTag.REST));
        }
    }

    private void stageClose() {
        if (aborts) {
            wires.stageAbort(descriptor);
        }
        ring.close(descriptor, tag(UringTag.REST));
    }

    /** The connection is over; the object is free when the kernel has said the last about it. */
    private void leave() {
        if (buffer != NO_BUFFER) {
            giveBack();
        }
        gone = true;
        freeIfOver();
    }

    private void freeIfOver() {
        if (gone && operations == 0 && !poller.ready().contains(slot)) {
            poller.slots().giveBack(slot);
        }
    }
}
