package io.tcplab.loadgen.connection.wire;

import io.tcplab.kernel.syscall.FastCalls;
import io.tcplab.kernel.syscall.Forks;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A socket with only the system calls that its connection needs. It is added to epoll when it first has to wait for long;
 * edge-triggered, so that nothing is ever modified but for output.
 */
final class EpollWire implements Wire, ExpectedInput.Reader {

    private static final int INPUT = EpollPoller.EPOLLIN | EpollPoller.EPOLLRDHUP | EpollPoller.EPOLLET;
    private static final int INPUT_AND_OUTPUT = INPUT | EpollPoller.EPOLLOUT;
    private static final int TCP_SYN_SENT = 2;

    /** Places in struct tcp_info (linux/tcp.h), which only ever grows. */
    private static final int INFO_RETRANSMITS = 100;

    private static final int INFO_ACKNOWLEDGED = 120;
    private static final int INFO_NOT_SENT = 144;
    private static final int INFO_SENT = 200;
    private static final int INFO_SENT_AGAIN = 208;
    private static final int INFO_UP_TO_SENT = 216;
    private static final int INFO_WINDOW = 228;
    private static final int INFO_UP_TO_WINDOW = 232;

    private final EpollWires wires;
    private final Owner owner;
    private final int descriptor;
    private boolean awaits;
    private boolean awaitsOutput;
    private boolean expected;
    private boolean foundNothing;

    EpollWire(int descriptor, EpollWires wires, Owner owner) {
        this.descriptor = descriptor;
        this.wires = wires;
        this.owner = owner;
    }

    @Override
    public int connect() {
        return wires.calls().connect(descriptor, wires.target());
    }

    @Override
    public int establishedNow() {
        return wires.calls().writable(descriptor) ? 1 : 0;
    }

    @Override
    public int connectResult() {
        int error = wires.calls().soError(descriptor);
        return error == 0 && wires.calls().tcpState(descriptor) == TCP_SYN_SENT ? IN_PROGRESS : error;
    }

    @Override
    public int send(Buffer buffer, int length) {
        return wires.calls().send(descriptor, buffer.address(), length);
    }

    @Override
    public int receive(Buffer buffer) {
        int received = wires.calls().receive(descriptor, buffer.address(), buffer.size());
        foundNothing = received == AGAIN;
        return received;
    }

    @Override
    public int shutdownOutput() {
        return wires.calls().shutdownOutput(descriptor);
    }

    @Override
    public int linger(int seconds) {
        return wires.calls().setLinger(descriptor, seconds);
    }

    @Override
    public boolean isAwaited() {
        return awaits;
    }

    @Override
    public int peek() {
        return wires.calls().peek(descriptor);
    }

    @Override
    public boolean isItsOwnPeer() {
        return wires.calls().isItsOwnPeer(descriptor);
    }

    @Override
    public Optional<InetSocketAddress> ownAddress() {
        return wires.calls().ownAddress(descriptor);
    }

    @Override
    public boolean look(Vitals vitals) {
        FastCalls calls = wires.calls();
        int bytes = calls.readTcpInfo(descriptor);
        if (bytes < INFO_UP_TO_SENT) {
            return false;
        }
        vitals.state = calls.infoByte(0);
        vitals.retransmits = calls.infoInt(INFO_RETRANSMITS);
        vitals.acknowledgedBytes = Math.max(0, calls.infoLong(INFO_ACKNOWLEDGED) - 1);
        vitals.unacknowledgedBytes = Math.max(
                0,
                calls.infoLong(INFO_SENT)
                        - calls.infoLong(INFO_SENT_AGAIN)
                        - vitals.acknowledgedBytes
                        + calls.infoInt(INFO_NOT_SENT));
        vitals.windowBytes = bytes < INFO_UP_TO_WINDOW ? Vitals.ABSENT : calls.infoInt(INFO_WINDOW);
        return true;
    }

    @Override
    public int rttMicros() {
        return wires.calls().rttMicros(descriptor);
    }

    /** Saves the epoll_ctl DEL: the kernel forgets a closed descriptor by itself (epoll(7)). */
    @Override
    public int release() {
        expected = false;
        if (awaits) {
            awaits = false;
            wires.poller().forget(descriptor, false);
        }
        return wires.calls().close(descriptor);
    }

    @Override
    public LingeringClose detach() {
        expected = false;
        if (awaits) {
            awaits = false;
            wires.poller().forget(descriptor, true);
        }
        return () -> Forks.close(descriptor);
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
