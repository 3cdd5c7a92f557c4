package io.tcplab.loadgen.lab;

import io.tcplab.kernel.ProcFile;
import io.tcplab.kernel.Side;
import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.cable.SegmentKind;
import io.tcplab.kernel.counters.CounterSnapshot;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.host.Sysctl;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.namespace.Programs;
import io.tcplab.kernel.sockdiag.SockDiag;
import io.tcplab.kernel.sockdiag.SocketFilter;
import io.tcplab.kernel.sockdiag.SocketReading;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.NativeSocket;
import io.tcplab.kernel.syscall.SocketOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One side of the stage: a network namespace with its own settings and counters, or loopback where there are none. */
public final class Host implements AutoCloseable {
    private final Side side;
    private final @Nullable NetworkNamespace namespace;
    private final @Nullable Wire wire;
    private final InetAddress address;
    private final Journal journal;
    private final SockDiag diag;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private CounterSnapshot mark;

    Host(Side side, @Nullable NetworkNamespace namespace, InetAddress address, Journal journal, @Nullable Wire wire)
            throws Exception {
        this.side = side;
        this.namespace = namespace;
        this.wire = wire;
        this.address = address;
        this.journal = journal;
        this.diag = inside(SockDiag::open);
        this.mark = inside(CounterSnapshot::read);
    }

    /** Its name in the journal. */
    public String name() {
        return side.word();
    }

    /** Its address on the cable. */
    public InetAddress address() {
        return address;
    }

    Journal journal() {
        return journal;
    }

    /** Whether settings and counters are its own; on loopback they are the machine's, and others move them too. */
    public boolean isolated() {
        return namespace != null;
    }

    /** Runs something in its namespace. */
    public <T> T inside(Callable<T> work) throws Exception {
        NetworkNamespace here = namespace;
        return here == null ? work.call() : here.call(work);
    }

    private NetworkNamespace own() {
        NetworkNamespace here = namespace;
        if (here == null) {
            throw new ExpectationFailed("this experiment uses namespaces without declaring it");
        }
        return here;
    }

    /** A new socket that does nothing yet. */
    public Sock open() throws Exception {
        return adopt(inside(NativeSocket::open), name());
    }

    Sock adopt(NativeSocket socket, String called) {
        keep(socket);
        return new Sock(this, socket, called);
    }

    private synchronized void keep(AutoCloseable resource) {
        opened.add(resource);
    }

    /** Listens on a port of the cable's address. */
    public Listener listen(int backlog) throws Exception {
        return listen(namespace == null ? 0 : 9000, backlog);
    }

    /** As the other, on a port of one's choice. */
    public Listener listen(int port, int backlog) throws Exception {
        return listen(new InetSocketAddress(address, port), backlog);
    }

    /** As the other, on any address. */
    public Listener listen(InetSocketAddress at, int backlog) throws Exception {
        return listen(at, backlog, _ -> {});
    }

    /** As the other, with options that are set before. */
    public Listener listen(InetSocketAddress at, int backlog, Consumer<NativeSocket> options) throws Exception {
        NativeSocket socket = inside(NativeSocket::open);
        keep(socket);
        Errno _ = socket.setOption(SocketOptions.SOL_SOCKET, SocketOptions.SO_REUSEADDR, 1);
        options.accept(socket);
        Errno bound = socket.bind(at);
        Errno listening = bound.ok() ? socket.listen(backlog) : bound;
        if (!listening.ok()) {
            throw new ExpectationFailed(name() + " cannot listen on " + at + ": " + listening);
        }
        journal.step(name() + ": listens on port " + at.getPort() + ", backlog " + backlog);
        return new Listener(this, socket);
    }

    /** Connects; throws ExpectationFailed if the handshake does not complete within a few seconds. */
    public Sock connect(Listener listener) throws Exception {
        Sock sock = open();
        Errno errno = sock.connect(listener.address(), 4000);
        if (!errno.ok()) {
            throw new ExpectationFailed(name() + " cannot connect: " + errno);
        }
        journal.step(name() + ": connects");
        return sock;
    }

    /** The socket with these ports, if the kernel lists it. */
    public synchronized Optional<SocketReading> socket(int localPort, int remotePort) {
        return diag.sockets(SocketFilter.localPort(localPort), SockDiag.ALL_STATES).stream()
                .filter(each -> each.remote().getPort() == remotePort)
                .filter(each -> each.local().getAddress().equals(address) || namespace != null)
                .findFirst();
    }

    /** How many sockets with this port at either end are in a state. */
    public synchronized int count(TcpState state, int port) {
        return diag.counts(SocketFilter.eitherPort(port), java.util.Set.of(state))
                .count(state);
    }

    /** The same from /proc/net/tcp, the other way to see it. */
    public int countInProc(TcpState state, int port) throws Exception {
        String wanted = String.format(Locale.ROOT, "%02X", state.number());
        String end = String.format(Locale.ROOT, ":%04X", port);
        return (int) inside(() -> ProcFile.lines(Path.of("/proc/thread-self/net/tcp"))).stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length > 3 && words[3].equals(wanted))
                .filter(words -> words[1].endsWith(end) || words[2].endsWith(end))
                .count();
    }

    /** Counters as they are now. */
    public CounterSnapshot counters() throws Exception {
        return inside(CounterSnapshot::read);
    }

    /** By how much a counter moved since the experiment began. */
    public long delta(KernelCounter counter) throws Exception {
        return moved().getOrDefault(counter.kernelName(), 0L);
    }

    /** Every counter that moved since the experiment began. */
    public Map<String, Long> moved() throws Exception {
        return counters().deltaSince(mark);
    }

    /** Sets a sysctl and reads it back; throws SysctlRefused if the kernel does not keep it. */
    public Host sysctl(String key, Object value) throws Exception {
        NetworkNamespace here = own();
        String readBack = here.call(() -> Sysctl.write(key, value.toString()));
        journal.sysctl(name() + "." + key, readBack);
        return this;
    }

    /** Reads a sysctl; empty if this kernel has none of that name. */
    public Optional<String> sysctl(String key) throws Exception {
        return inside(() -> Sysctl.read(key));
    }

    /** Withholds each segment of a kind from this host, until it is closed: the cable loses it. One hold at a time. */
    public Hold hold(SegmentKind kind) {
        return Stage.laid(wire).hold(side.other(), kind);
    }

    /** Withholds every segment from this host, as {@link #hold}. */
    public Hold holdEverything() {
        return Stage.laid(wire).holdEverything(side.other());
    }

    /** Runs a program in the namespace; throws IOException with what it printed if it fails. */
    public String tool(String input, String... command) throws IOException {
        return Programs.run(own(), input, command);
    }

    /** A raw socket that can send any segment to the other host. */
    public Forge forge(Host to) throws Exception {
        Forge forge = inside(() -> Forge.open(address, to.address));
        keep(forge);
        return forge;
    }

    @Override
    public synchronized void close() {
        for (AutoCloseable each : opened) {
            try {
                each.close();
            } catch (Exception e) {
                journal.step("closing: " + e.getMessage());
            }
        }
        opened.clear();
        diag.close();
    }
}
