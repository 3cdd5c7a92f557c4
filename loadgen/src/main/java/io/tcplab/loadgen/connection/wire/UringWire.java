package io.tcplab.loadgen.connection.wire;

import io.tcplab.kernel.syscall.Forks;
import java.lang.foreign.MemorySegment;

/**
 * A socket that an io_uring serves, from its handshake to its close. What its connection has to know at once is one system call; what it
 * waits for is an operation in progress. A request goes out with the receive of its answer, by one call for both.
 *
 * <p>The object serves one connection after another: from {@link #serve} to {@link #release}.
 */
final class UringWire extends UringReceiver {

    /** At the end of a handshake, the peer's FIN too: it may have come with it. */
    private static final int OUTPUT_OR_END = EpollPoller.EPOLLOUT | EpollPoller.EPOLLRDHUP;

    /** Every so many closes one is made by a call of its own, which is timed. */
    private static final int TIMED_EVERY = 16;

    @SuppressWarnings("NullAway.Init") // set by serve()
    private MemorySegment target;

    private int connectOutcome;
    private boolean awaitingOutput;

    /** SO_LINGER {1, 0} is set when the socket is closed. */
    private boolean aborts;

    UringWire(UringWires wires, int slot) {
        super(wires, slot);
    }

    /** Takes a socket, which connects to {@code address}, a struct sockaddr. */
    void serve(int socket, Owner forWhom, MemorySegment address) {
        take(socket, forWhom);
        openInput();
        target = address;
        connectOutcome = 0;
        aborts = false;
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
    public int linger(int seconds) {
        aborts = seconds == 0;
        return aborts ? 0 : super.linger(seconds);
    }

    @Override
    public void await(boolean output) {
        if (output) {
            awaitOutput();
        }
        if (!connecting) {
            awaitInput();
        }
    }

    private void awaitOutput() {
        if (!awaitingOutput) {
            awaitingOutput = true;
            begun();
            ring.poll(descriptor, connecting ? OUTPUT_OR_END : EpollPoller.EPOLLOUT, tag(UringTag.OUTPUT));
        }
    }

    /** Something can be sent, or the handshake is over. */
    void outputCame(int result) {
        awaitingOutput = false;
        operations--;
        if (gone) {
            freeIfOver();
        } else {
            hangUp |= result > 0 && (result & EpollPoller.EPOLLRDHUP) != 0;
            queue();
        }
    }

    /** Tells the owner; returns 1 if there was one. */
    int tell() {
        if (gone) {
            freeIfOver();
            return 0;
        }
        tellUnsent();
        if (!gone) {
            owner.ready(hangUp);
        }
        return 1;
    }

    @Override
    public int release() {
        endHandshake();
        awaitNothing();
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
        awaitNothing();
        cancelAll();
        stageClose();
        leave();
        return CLOSES_SOON;
    }

    @Override
    public LingeringClose detach() {
        endHandshake();
        awaitNothing();
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
        if (waitsForRoom) {
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
        dropUnread();
        gone = true;
        freeIfOver();
    }
}
