package io.tcplab.loadgen.lab;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.sockdiag.SocketReading;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.NativeSocket;
import io.tcplab.kernel.syscall.NativeSocket.Half;
import io.tcplab.kernel.syscall.NativeSocket.Result;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * One end of a connection on the stage. No call waits longer than a few seconds, but for a lingering close; what a call
 * answers is its errno. Its ports are remembered, so that its state can be asked for after it was closed.
 */
public final class Sock implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 4000;
    private static final int CHUNK = 16 * 1024;

    private final Host host;
    private final NativeSocket socket;
    private final String name;
    private int localPort;
    private int remotePort;

    Sock(Host host, NativeSocket socket, String name) {
        this.host = host;
        this.socket = socket;
        this.name = name;
        Errno _ = socket.nonBlocking(true);
        rememberPorts();
    }

    private void rememberPorts() {
        localPort = socket.localAddress().map(InetSocketAddress::getPort).orElse(localPort);
        remotePort = socket.remoteAddress().map(InetSocketAddress::getPort).orElse(remotePort);
    }

    /** What it is called in the journal. */
    public String name() {
        return name;
    }

    /** Its own port. */
    public int localPort() {
        return localPort;
    }

    /** The other end's port. */
    public int remotePort() {
        return remotePort;
    }

    /** The socket itself. */
    public NativeSocket raw() {
        return socket;
    }

    /** Sets an option; throws ExpectationFailed if the kernel refuses it. */
    public Sock option(int level, int option, int value) {
        Errno errno = socket.setOption(level, option, value);
        if (!errno.ok()) {
            throw new ExpectationFailed("setsockopt(" + level + ", " + option + ", " + value + "): " + errno);
        }
        return this;
    }

    /** SO_LINGER {1, seconds}; with 0 a close aborts the connection. */
    public Sock linger(int seconds) {
        host.journal().step(name + ": SO_LINGER {1, " + seconds + "}");
        Errno _ = socket.linger(true, seconds);
        return this;
    }

    /** bind(2) to this port of the host's address. */
    public Errno bind(int port) {
        Errno errno = socket.bind(new InetSocketAddress(host.address(), port));
        rememberPorts();
        return errno;
    }

    /** connect(2), and the outcome within {@code millis}; EINPROGRESS when there is none by then. */
    public Errno connect(InetSocketAddress to, int millis) {
        Errno errno = socket.connect(to, millis);
        rememberPorts();
        remotePort = to.getPort();
        return errno;
    }

    /** Sends that many bytes, waiting for room; the first error ends it. */
    public Errno send(int bytes) {
        int left = bytes;
        while (left > 0) {
            Result sent = socket.send(new byte[Math.min(left, CHUNK)], 0);
            if (sent.errno() == Errno.EAGAIN) {
                if (socket.await(NativeSocket.POLLOUT, PATIENCE_MILLIS).value() == 0) {
                    return Errno.EAGAIN;
                }
            } else if (!sent.ok()) {
                host.journal().step(name + ": send: " + sent.errno());
                return sent.errno();
            }
            left -= (int) sent.value();
        }
        host.journal().step(name + ": sends " + bytes + " bytes");
        return Errno.OK;
    }

    /** Sends until the kernel takes no more and answers how many bytes it took. */
    public long fill() {
        long taken = 0;
        Result sent = socket.send(new byte[CHUNK], 0);
        while (sent.ok()) {
            taken += sent.value();
            sent = socket.send(new byte[CHUNK], 0);
        }
        host.journal().step(name + ": fills the buffers with " + taken + " bytes, then " + sent.errno());
        return taken;
    }

    /** What a read gave: some bytes, or 0 at the end of the stream, or an error; EAGAIN when nothing came in time. */
    public Result read() {
        return read(PATIENCE_MILLIS);
    }

    /** As {@link #read()}, with a time of its own. */
    public Result read(int millis) {
        Result _ = socket.await(NativeSocket.POLLIN, millis);
        return socket.recv(new byte[CHUNK], 0);
    }

    /** Reads to the end of the stream or the first error: the bytes and how it ended. */
    public Result readAll() {
        long total = 0;
        Result last = read();
        while (last.ok() && last.value() > 0) {
            total += last.value();
            last = read();
        }
        host.journal().step(name + ": reads " + total + " bytes, then " + (last.ok() ? "the end" : last.errno()));
        return new Result(total, last.errno());
    }

    /** shutdown(SHUT_WR): sends the FIN and goes on reading. */
    public Errno shutdownWrite() {
        host.journal().step(name + ": shutdown(WRITE)");
        return socket.shutdown(Half.WRITE);
    }

    /** close(2), and how long the call took is in the journal. */
    public Errno closeNow() {
        long start = System.nanoTime();
        Errno errno = socket.closeNow();
        host.journal().step(name + ": close() took " + (System.nanoTime() - start) / 1000 + " µs");
        return errno;
    }

    @Override
    public void close() {
        Errno _ = closeNow();
    }

    /** The error that waits on the socket, once there is one within {@code millis}; OK if none came. */
    public Errno awaitError(int millis) {
        long deadline = System.nanoTime() + millis * 1_000_000L;
        while (System.nanoTime() < deadline) {
            long events = socket.await(0, 50).value();
            if ((events & (NativeSocket.POLLERR | NativeSocket.POLLHUP)) != 0) {
                return socket.soError();
            }
        }
        return Errno.OK;
    }

    /** Its state as sock_diag lists it; CLOSE when it is in no list. */
    public TcpState state() {
        return reading().map(SocketReading::state).orElse(TcpState.CLOSE);
    }

    /** All that sock_diag says of it, if it is in a list. */
    public Optional<SocketReading> reading() {
        return host.socket(localPort, remotePort);
    }
}
