package io.tcplab.loadgen.connection.wire;

import io.netty.channel.IoHandler;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.tcplab.kernel.syscall.Ring;
import io.tcplab.kernel.syscall.RingRefused;
import io.tcplab.kernel.syscall.RingTag;
import io.tcplab.kernel.syscall.SocketOptions;
import io.tcplab.loadgen.connection.wire.Wire.Owner;
import io.tcplab.loadgen.plan.ClientOptions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sockets that an io_uring(7) makes ahead, connects, waits for and closes. Confined to one event loop.
 *
 * <p>A connection's one system call of its own is the one in which it connects. What is not timed is shared: sockets are made and
 * configured by eights, and closes of a busy loop wait for the next of the loop's calls ({@link UringPoller}).
 */
public final class UringWires extends SocketWires {

    private final UringPoller poller;
    private final boolean connectsPlainly;
    private final MemorySegment noLinger;
    private int closes;

    /**
     * {@code sources} are of the family of all targets. Throws IllegalStateException where the kernel gives no io_uring: ask
     * {@link #refusal} before.
     */
    public UringWires(
            ClientOptions options,
            List<InetSocketAddress> targets,
            List<InetAddress> sources,
            ThreadAwareExecutor executor) {
        super(new SocketSettings(options, targets, sources));
        // With fast open connect(2) that returns 0 has not begun, which the ring would not tell from an end.
        connectsPlainly = options.fastOpen() || !options.optimistic();
        noLinger = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_INT, 1, 0);
        try {
            poller = new UringPoller(executor, settings, calls);
        } catch (RingRefused e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** Why there is no io_uring for this process, with the call that refused; {@code null} = there is. */
    public static @Nullable String refusal() {
        try (Ring _ = new Ring(1, 2)) {
            return null;
        } catch (RingRefused e) {
            return e.getMessage();
        }
    }

    @Override
    public @Nullable Wire open(Owner owner, int target) {
        SocketSettings.Target to = settings.target(target);
        PreparedSockets prepared = poller.prepared(to.family());
        poller.opens();
        int descriptor = prepared.take(poller.isBusy());
        if (descriptor == PreparedSockets.NONE) {
            refused(prepared.failedCall(), prepared.failureErrno());
            return null;
        }
        UringWire wire = poller.slots().takeFree();
        if (wire == null) {
            wire = new UringWire(this, poller.slots().next());
            poller.slots().add(wire);
        }
        wire.serve(descriptor, owner, to.address());
        return wire;
    }

    UringPoller poller() {
        return poller;
    }

    UringConnects connects() {
        return poller.connects();
    }

    /** Whether connect(2) is a call of its own, and its end is awaited. */
    boolean connectsPlainly() {
        return connectsPlainly;
    }

    /** Counts a close that may be shared; returns the count before it. */
    int countClose() {
        return closes++;
    }

    /** Has the close that is staged next abort. */
    void stageAbort(int descriptor) {
        poller.ring()
                .setOption(
                        descriptor,
                        SocketOptions.SOL_SOCKET,
                        SocketOptions.SO_LINGER,
                        noLinger,
                        RingTag.of(UringTag.REST, 0));
    }

    @Override
    public boolean awaitsReadiness() {
        return poller.awaitsReadiness();
    }

    @Override
    public IoHandler ioHandler() {
        return poller;
    }

    @Override
    public void enterLoop() {
        calls.wakeOnTime();
        poller.enable();
    }
}
