package io.tcplab.companion.misbehave;

import io.tcplab.companion.CompanionException;
import io.tcplab.companion.CompanionSettings;
import io.tcplab.companion.tls.TlsContext;
import io.tcplab.companion.tls.TlsIdentity;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.NativeSocket;
import io.tcplab.kernel.syscall.NativeSocket.Accepted;
import io.tcplab.kernel.syscall.SocketOptions;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Serves HTTP/1.1 on plain system calls, a thread for each connection, and misbehaves in the ways that it is told to. With none
 * it is a model: it announces its idle timeout of a second and its limit of 100 requests, answers 408 to slow requests, 413 to
 * bodies over 256 kB and reads on before it closes, 400 to what is ambiguous, and serves half-closed and pipelining clients.
 * {@code /?size=N} is answered by N bytes, other paths than {@code /} by 404.
 */
public final class MisbehavingServer implements AutoCloseable {

    private static final int LOOK_MILLIS = 100;
    private static final int BACKLOG = 1024;
    private static final int SHORT_BACKLOG = 60;

    private final Set<Misbehaviour> kinds;
    private final NativeSocket listener;
    private final InetSocketAddress address;
    private final Thread acceptor;
    private final @Nullable TlsIdentity identity;
    private final @Nullable TlsContext tls;
    private final Set<Incoming> open = ConcurrentHashMap.newKeySet();

    /**
     * Held by whoever serves one connection at a time, or blocks for one. Fair, as an accept queue is: a new connection would otherwise
     * take the place that one which ends has just left to the next.
     */
    private final ReentrantLock alone = new ReentrantLock(true);

    // Set by whoever closes it, read by every thread of it.
    private volatile boolean closed;

    private MisbehavingServer(
            Set<Misbehaviour> kinds, NativeSocket listener, InetSocketAddress address, @Nullable TlsIdentity identity) {
        this.identity = identity;
        this.tls = identity == null ? null : context(identity);
        this.kinds = kinds;
        this.listener = listener;
        this.address = address;
        this.acceptor =
                Thread.ofPlatform().daemon(true).name("misbehaving-accept").unstarted(this::accept);
    }

    private static TlsContext context(TlsIdentity identity) {
        return TlsContext.server(identity, List.of("http/1.1"));
    }

    /**
     * Starts to serve on this address; port 0 is the first free one of 9000 to 9099.
     *
     * @param identity its certificate for TLS; absent = connections are plain
     */
    public static MisbehavingServer start(
            String host, int port, Set<Misbehaviour> kinds, @Nullable TlsIdentity identity) throws CompanionException {
        int first = port == 0 ? CompanionSettings.FIRST_PORT : port;
        int last = port == 0 ? CompanionSettings.LAST_PORT : port;
        Errno errno = Errno.OK;
        for (int each = first; each <= last; each++) {
            NativeSocket listener = socket(host);
            Errno _ = listener.setOption(SocketOptions.SOL_SOCKET, SocketOptions.SO_REUSEADDR, 1);
            InetSocketAddress address = new InetSocketAddress(host, each);
            errno = listener.bind(address);
            errno = errno.ok()
                    ? listener.listen(kinds.contains(Misbehaviour.SHORT_QUEUE) ? SHORT_BACKLOG : BACKLOG)
                    : errno;
            if (errno.ok()) {
                Errno _ = listener.nonBlocking(true);
                Set<Misbehaviour> chosen = EnumSet.noneOf(Misbehaviour.class);
                chosen.addAll(kinds);
                MisbehavingServer server = new MisbehavingServer(chosen, listener, address, identity);
                server.acceptor.start();
                return server;
            }
            listener.close();
        }
        throw new CompanionException("cannot listen on " + host + ":" + first + ": " + errno
                + "; choose another --port, or end the server that has it");
    }

    private static NativeSocket socket(String host) throws CompanionException {
        try {
            InetAddress address = InetAddress.getByName(host);
            return NativeSocket.open(
                    address instanceof Inet6Address ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        } catch (UnknownHostException e) {
            throw new CompanionException("the host " + host + " is not known", e);
        } catch (IOException e) {
            throw new CompanionException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return address;
    }

    boolean does(Misbehaviour kind) {
        return kinds.contains(kind);
    }

    boolean closed() {
        return closed;
    }

    ReentrantLock alone() {
        return alone;
    }

    private void accept() {
        while (!closed) {
            var _ = listener.await(NativeSocket.POLLIN, LOOK_MILLIS);
            Accepted accepted = listener.accept();
            NativeSocket socket = accepted.socket();
            if (socket != null) {
                Errno _ = socket.nonBlocking(true);
                Errno _ = socket.setOption(
                        SocketOptions.IPPROTO_TCP, SocketOptions.TCP_NODELAY, does(Misbehaviour.DELAY_BODY) ? 0 : 1);
                Thread.ofPlatform()
                        .daemon(true)
                        .name("misbehaving-" + socket.fd())
                        .start(() -> serve(socket));
            }
        }
        listener.close();
    }

    private void serve(NativeSocket socket) {
        boolean single = does(Misbehaviour.ONE_AT_A_TIME);
        boolean blocked = does(Misbehaviour.BLOCK_ON_SLOW_READER);
        if (single || blocked) {
            alone.lock();
        }
        if (blocked) {
            alone.unlock();
        }
        TlsIdentity own = identity;
        TlsContext fresh = own != null && does(Misbehaviour.NO_RESUMPTION) ? context(own) : null;
        TlsContext shared = fresh == null ? tls : fresh;
        Incoming peer =
                new Incoming(socket, shared == null ? null : new Records(shared), !does(Misbehaviour.NO_CLOSE_NOTIFY));
        open.add(peer);
        try {
            new MisbehavingConnection(this, peer).serve();
        } finally {
            open.remove(peer);
            if (fresh != null) {
                fresh.close();
            }
            if (single) {
                alone.unlock();
            }
        }
    }

    /** What the end of the process does to its connections: a FIN each, or an RST where that is the misbehaviour. */
    public void stops() {
        if (does(Misbehaviour.RESET_ON_STOP)) {
            open.forEach(Incoming::resetAtTheEnd);
        }
    }

    /** Takes no further connection; those that are open end with their timeouts. */
    @Override
    public void close() {
        closed = true;
        try {
            acceptor.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
