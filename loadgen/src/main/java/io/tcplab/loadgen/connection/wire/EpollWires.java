package io.tcplab.loadgen.connection.wire;

import io.netty.channel.IoHandler;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.tcplab.loadgen.connection.wire.Wire.Owner;
import io.tcplab.loadgen.plan.ClientOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sockets made by plain system calls and served by an {@link EpollPoller}. Confined to one event loop. */
public final class EpollWires extends SocketWires {

    private final EpollPoller poller;
    private final ArrayDeque<EpollWire> spares = new ArrayDeque<>();

    /** {@code sources} are of the family of all targets. */
    public EpollWires(
            ClientOptions options,
            List<InetSocketAddress> targets,
            List<InetAddress> sources,
            ThreadAwareExecutor executor) {
        super(new SocketSettings(options, targets, sources));
        this.poller = new EpollPoller(executor, calls);
    }

    @Override
    public @Nullable Wire open(Owner owner, int target) {
        SocketSettings.Target to = settings.target(target);
        int descriptor = calls.socket(to.family());
        if (descriptor < 0) {
            refused("socket", -descriptor);
            return null;
        }
        if (!configure(descriptor)) {
            int ignored = calls.close(descriptor);
            return null;
        }
        if (spares.isEmpty()) {
            return new EpollWire(descriptor, this, owner, to.address());
        }
        EpollWire wire = spares.removeLast();
        wire.become(descriptor, owner, to.address());
        return wire;
    }

    /** Has given its descriptor back, and can be opened again. */
    void spare(EpollWire released) {
        spares.addLast(released);
    }

    private boolean configure(int descriptor) {
        for (SocketSettings.Option option : settings.options()) {
            int result = calls.setOption(descriptor, option.level(), option.name(), option.value());
            if (result < 0) {
                refused(option.call(), -result);
                return false;
            }
        }
        if (settings.binds()) {
            int result = calls.bind(descriptor, settings.nextSource());
            if (result < 0) {
                refused("bind", -result);
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean awaitsReadiness() {
        return poller.awaitsReadiness();
    }

    EpollPoller poller() {
        return poller;
    }

    ExpectedInput expectedInput() {
        return poller.expectedInput();
    }

    @Override
    public IoHandler ioHandler() {
        return poller;
    }

    @Override
    public void enterLoop() {
        calls.wakeOnTime();
    }
}
