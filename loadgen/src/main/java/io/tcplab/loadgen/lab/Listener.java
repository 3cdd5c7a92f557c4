package io.tcplab.loadgen.lab;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.NativeSocket;
import io.tcplab.kernel.syscall.NativeSocket.Accepted;
import io.tcplab.kernel.syscall.TcpInfo;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A listening socket on the stage. */
public final class Listener implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 4000;

    private final Host host;
    private final NativeSocket socket;

    Listener(Host host, NativeSocket socket) {
        this.host = host;
        this.socket = socket;
        Errno _ = socket.nonBlocking(true);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return socket.localAddress().orElseThrow(() -> new ExpectationFailed("the listener is closed"));
    }

    /** Its port. */
    public int port() {
        return address().getPort();
    }

    /** The socket itself. */
    public NativeSocket raw() {
        return socket;
    }

    /** Takes one connection; throws ExpectationFailed if none comes. */
    public Sock accept() {
        Sock taken = acceptWithin(PATIENCE_MILLIS);
        if (taken == null) {
            throw new ExpectationFailed("no connection to accept within " + PATIENCE_MILLIS + " ms");
        }
        return taken;
    }

    /** Takes one connection if one is there within this time. */
    public @Nullable Sock acceptWithin(int millis) {
        var _ = socket.await(NativeSocket.POLLIN, millis);
        Accepted accepted = socket.accept();
        NativeSocket taken = accepted.socket();
        return taken == null ? null : host.adopt(taken, "server");
    }

    /** Established connections that wait to be accepted. */
    public long queueLength() {
        return info().acceptQueueLength();
    }

    /** The limit of the accept queue. */
    public long queueLimit() {
        return info().acceptQueueLimit();
    }

    private TcpInfo info() {
        return socket.tcpInfo().orElseThrow(() -> new ExpectationFailed("the listener has no TCP_INFO"));
    }

    @Override
    public void close() {
        host.journal().step(host.name() + ": closes the listener");
        Errno _ = socket.closeNow();
    }
}
