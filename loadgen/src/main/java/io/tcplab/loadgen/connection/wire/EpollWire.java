package io.tcplab.loadgen.connection.wire;

import io.tcplab.kernel.syscall.Forks;
import java.lang.foreign.MemorySegment;

/**
 * A socket with only the system calls that its connection needs. It is added to epoll when it first has to wait for long;
 * edge-triggered, so that nothing is ever modified but for output.
 */
final class EpollWire extends SocketWire implements ExpectedInput.Reader {

    private static final int INPUT = EpollPoller.EPOLLIN | EpollPoller.EPOLLRDHUP | EpollPoller.EPOLLET;
    private static final int NO_DESCRIPTOR = -1;
    private static final int INPUT_AND_OUTPUT = INPUT | EpollPoller.EPOLLOUT;

    private final EpollWires wires;
    private Owner owner;
    private MemorySegment target;
    private boolean awaits;
    private boolean awaitsOutput;
    private boolean expected;
    private boolean foundNothing;

    /** {@code target} is the struct sockaddr that it connects to. */
    EpollWire(int descriptor, EpollWires wires, Owner owner, MemorySegment target) {
        super(wires.calls(), descriptor);
        this.target = target;
        this.wires = wires;
        this.owner = owner;
    }

    /** Becomes the socket of another connection. */
    void become(int newDescriptor, Owner newOwner, MemorySegment newTarget) {
        descriptor = newDescriptor;
        owner = newOwner;
        target = newTarget;
        awaits = false;
        awaitsOutput = false;
        expected = false;
        foundNothing = false;
    }

    @Override
    public int connect() {
        return calls.connect(descriptor, target);
    }

    @Override
    public int receive(Buffer buffer) {
        int received = calls.receive(descriptor, buffer.address(), buffer.size());
        foundNothing = received == AGAIN;
        return received;
    }

    @Override
    public boolean isAwaited() {
        return awaits;
    }

    /** Saves the epoll_ctl DEL: the kernel forgets a closed descriptor by itself (epoll(7)). */
    @Override
    public int release() {
        expected = false;
        if (awaits) {
            awaits = false;
            wires.poller().forget(descriptor, false);
        }
        int result = calls.close(descriptor);
        descriptor = NO_DESCRIPTOR;
        wires.spare(this);
        return result;
    }

    @Override
    public LingeringClose detach() {
        expected = false;
        if (awaits) {
            awaits = false;
            wires.poller().forget(descriptor, true);
        }
        int detached = descriptor;
        return () -> Forks.close(detached);
    }

    @Override
    public void expect() {
        if (!awaits) {
            wires.expectedInput().add(this);
        }
    }

    @Override
    public void await(boolean output) {
        expected = false;
        if (!awaits) {
            wires.poller().add(descriptor, this, output ? INPUT_AND_OUTPUT : INPUT);
            awaits = true;
            awaitsOutput = output;
        } else if (output && !awaitsOutput) {
            wires.poller().modify(descriptor, INPUT_AND_OUTPUT);
            awaitsOutput = true;
        }
    }

    @Override
    public void awaitAgain() {
        if (awaits) {
            wires.poller().modify(descriptor, awaitsOutput ? INPUT_AND_OUTPUT : INPUT);
        } else {
            await(false);
        }
    }

    /** The poller's word; {@code hangUp} = the peer's FIN is known to have come. */
    void ready(boolean hangUp) {
        owner.ready(hangUp);
    }

    /** Reads from all cache lines of this socket and its owner. */
    int fetch() {
        return owner.fetch();
    }

    @Override
    public void read() {
        owner.ready(false);
    }

    @Override
    public boolean foundNothing() {
        return foundNothing;
    }

    @Override
    public boolean isExpected() {
        return expected;
    }

    @Override
    public void expected(boolean isExpected) {
        expected = isExpected;
    }

    @Override
    public void awaitInput() {
        await(false);
    }
}
