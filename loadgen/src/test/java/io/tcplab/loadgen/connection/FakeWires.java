package io.tcplab.loadgen.connection;

import io.netty.channel.IoHandler;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.connection.wire.Buffer;
import io.tcplab.loadgen.connection.wire.Vitals;
import io.tcplab.loadgen.connection.wire.Wire;
import io.tcplab.loadgen.connection.wire.Wires;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sockets whose peer does what the test says, and which remember the calls made on them. */
final class FakeWires implements Wires {

    /** What a recv(2) gives once: bytes, or an end. */
    private record Input(byte[] bytes, int result) {}

    final List<FakeWire> opened = new ArrayList<>();

    /** What open() refuses with; 0 = it does not. */
    int refusal;

    /** What connect(2) returns, and whether the first look finds the handshake over. */
    int connectResult = Wire.IN_PROGRESS;

    boolean establishedAtOnce = true;

    /** What the kernel knows of each socket. */
    final Vitals vitals = new Vitals();

    boolean ownPeer;

    /** How many bytes a send(2) takes at once, all sockets together; beyond them EAGAIN. */
    int window = Integer.MAX_VALUE;

    @Override
    public @Nullable Wire open(Wire.Owner owner, int target) {
        if (refusal != 0) {
            return null;
        }
        FakeWire wire = new FakeWire(owner);
        opened.add(wire);
        return wire;
    }

    FakeWire last() {
        return opened.getLast();
    }

    @Override
    public int failureErrno() {
        return refusal;
    }

    @Override
    public String failedCall() {
        return "socket";
    }

    @Override
    public IoHandler ioHandler() {
        throw new UnsupportedOperationException("no loop runs here");
    }

    @Override
    public boolean mayMeetItself(int target) {
        return true;
    }

    @Override
    public boolean awaitsReadiness() {
        return false;
    }

    @Override
    public void enterLoop() {}

    final class FakeWire implements Wire {
        private final Owner owner;
        private final Deque<Input> inputs = new ArrayDeque<>();
        final List<String> calls = new ArrayList<>();
        byte[] sent = new byte[0];
        private int sendError;
        int connectError;
        boolean released;
        boolean awaits;

        /** The next call is a fault of ours. */
        boolean breaks;

        FakeWire(Owner owner) {
            this.owner = owner;
        }

        private int call(String call, int result) {
            if (released) {
                throw new AssertionError(call + " on a descriptor that was given back; before: " + calls);
            }
            calls.add(call);
            if (breaks) {
                breaks = false;
                throw new IllegalStateException(call);
            }
            return result;
        }

        /** The peer answers. */
        void peerSends(byte[] bytes) {
            inputs.add(new Input(bytes, bytes.length));
        }

        /** The peer's FIN. */
        void peerCloses() {
            inputs.add(new Input(new byte[0], 0));
        }

        /** The peer's RST. */
        void peerResets() {
            inputs.clear();
            inputs.add(new Input(new byte[0], RESET));
            sendError = RESET;
            connectError = RESET;
        }

        /** The peer's RST, behind what it has sent. */
        void peerResetsThen() {
            inputs.add(new Input(new byte[0], RESET));
            sendError = RESET;
        }

        /** What is sent from now on is refused; what has come is still there. */
        void sendsFailFrom(Errno errno) {
            sendError = -errno.number();
        }

        /** The event loop has seen readiness. */
        void ready() {
            if (!released) {
                owner.ready(false);
            }
        }

        /** The event loop has seen readiness, and that the peer's FIN is there. */
        void hangsUp() {
            owner.ready(true);
        }

        @Override
        public int connect() {
            return call("connect", connectResult);
        }

        @Override
        public int establishedNow() {
            return establishedAtOnce ? 1 : 0;
        }

        @Override
        public int connectResult() {
            return connectError;
        }

        @Override
        public int send(Buffer buffer, int length) {
            if (sendError != 0) {
                return call("send", sendError);
            }
            if (!establishedAtOnce && !awaits) {
                return AGAIN;
            }
            int taken = Math.min(length, window);
            if (taken == 0) {
                return AGAIN;
            }
            window -= taken;
            byte[] bytes = new byte[taken];
            buffer.bytes().duplicate().clear().get(bytes);
            int before = sent.length;
            sent = Arrays.copyOf(sent, before + taken);
            System.arraycopy(bytes, 0, sent, before, taken);
            return call("send", taken);
        }

        @Override
        public int receive(Buffer buffer) {
            Input input = inputs.peek();
            if (input == null) {
                return AGAIN;
            }
            if (input.result() > 0) {
                inputs.remove();
                buffer.bytes().duplicate().clear().put(input.bytes());
            }
            return call("recv", input.result());
        }

        @Override
        public int shutdownOutput() {
            return call("shutdown", 0);
        }

        @Override
        public int linger(int seconds) {
            return call("linger " + seconds, 0);
        }

        @Override
        public int release() {
            int result = call("close", 0);
            released = true;
            return result;
        }

        @Override
        public LingeringClose detach() {
            call("detach", 0);
            released = true;
            return () -> 0;
        }

        @Override
        public void await(boolean output) {
            awaits = true;
        }

        @Override
        public void expect() {}

        @Override
        public void awaitAgain() {}

        @Override
        public boolean isAwaited() {
            return awaits;
        }

        @Override
        public int peek() {
            Input input = inputs.peek();
            return input == null ? AGAIN : Math.min(1, input.result());
        }

        @Override
        public boolean isItsOwnPeer() {
            return ownPeer;
        }

        @Override
        public Optional<InetSocketAddress> ownAddress() {
            return Optional.empty();
        }

        @Override
        public boolean look(Vitals filled) {
            filled.state = vitals.state;
            filled.retransmits = vitals.retransmits;
            filled.acknowledgedBytes = vitals.acknowledgedBytes;
            filled.unacknowledgedBytes = vitals.unacknowledgedBytes;
            filled.minRttMicros = vitals.minRttMicros;
            filled.windowBytes = vitals.windowBytes;
            filled.busyMicros = vitals.busyMicros;
            filled.windowLimitedMicros = vitals.windowLimitedMicros;
            filled.retransmissionMicros = vitals.retransmissionMicros;
            filled.backoff = vitals.backoff;
            return true;
        }

        @Override
        public int rttMicros() {
            return 1;
        }
    }
}
