package io.tcplab.companion;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.tcplab.companion.tls.TlsContext;
import io.tcplab.companion.tls.TlsIdentity;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.host.Limits;
import io.tcplab.kernel.syscall.DescriptorTable;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A running target: listens, accepts, answers and closes as it is asked to, and counts what it saw. All methods may be called from
 * any thread but an event loop's own.
 */
public final class Companion implements AutoCloseable {

    private final MultiThreadIoEventLoopGroup group;
    private final List<ServingLoop> loops;
    private final List<LoopCounters> counters;
    private final LingeringCloses lingeringCloses;
    private final Acceptor acceptor;
    private final InetSocketAddress address;
    private final ServingTransport transport;
    private final @Nullable TlsIdentity identity;
    private final @Nullable TlsContext tls;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Volatile: a command on another thread must see that it comes too late. */
    private volatile boolean finished;

    private Companion(
            MultiThreadIoEventLoopGroup group,
            List<ServingLoop> loops,
            LingeringCloses lingeringCloses,
            CompanionSettings settings,
            ListeningSocket listener,
            ServingTransport transport,
            @Nullable TlsIdentity identity,
            @Nullable TlsContext tls) {
        this.group = group;
        this.loops = loops;
        this.counters = loops.stream().map(loop -> loop.counters).toList();
        this.lingeringCloses = lingeringCloses;
        this.address = listener.address();
        this.acceptor = new Acceptor(settings, loops, listener, tls);
        this.transport = transport;
        this.identity = identity;
        this.tls = tls;
    }

    /**
     * Starts a companion and returns once it listens.
     *
     * @throws CompanionException when the address cannot be bound, in one sentence with the errno and the remedy
     */
    public static Companion start(CompanionSettings settings) throws CompanionException {
        Listening.requireEpoll();
        DescriptorTable.growAhead();
        ServedTls served = settings.tls();
        TlsIdentity identity = served == null ? null : served.identity(settings.host());
        TlsContext tls = identity == null ? null : ServedTls.context(identity, settings.protocol());
        ServingTransport transport = ServingTransport.choose();
        List<LoopIo> each = new ArrayList<>();
        // Connections register with the handler itself: the event loop's own way goes through a promise each time.
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(
                settings.accepting().eventLoops(), new DefaultThreadFactory("tcplab-target"), executor -> {
                    LoopIo io = transport.io(executor);
                    each.add(io);
                    return io.handler();
                });
        LingeringCloses lingeringCloses = new LingeringCloses();
        List<ServingLoop> loops = new ArrayList<>();
        for (LoopIo io : each) {
            loops.add(new ServingLoop(group.next(), io, lingeringCloses, mostAbandoned() / each.size()));
        }
        try {
            ListeningSocket listener = Listening.open(settings, loops.getFirst());
            Companion companion = new Companion(
                    group, List.copyOf(loops), lingeringCloses, settings, listener, transport, identity, tls);
            companion.inFirstLoop(companion.acceptor::begin);
            return companion;
        } catch (CompanionException refused) {
            end(group, loops, lingeringCloses);
            throw refused;
        }
    }

    /** Whoever asks for connections to be abandoned leaves half of the descriptors to others; beyond that they are reset. */
    private static long mostAbandoned() {
        long descriptors =
                Limits.softDescriptorsOf(ProcessHandle.current().pid()).orElse(-1);
        return descriptors < 0 ? Long.MAX_VALUE : descriptors / 2;
    }

    private static void await(Future<?> future) {
        Future<?> _ = future.awaitUninterruptibly();
    }

    private void inFirstLoop(Runnable step) {
        EventLoop first = loops.getFirst().eventLoop;
        if (!first.isShuttingDown()) {
            await(first.submit(step));
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** {@code HOST:PORT} of {@link #address}. */
    public String addressText() {
        return Endpoint.text(address);
    }

    /** What serves its connections: {@code epoll} or {@code io_uring}. */
    public String transport() {
        return transport.uring() ? "io_uring" : "epoll";
    }

    /** Why, as a clause. */
    public String transportReason() {
        return transport.reason();
    }

    /** The certificate that is shown, in PEM; absent without TLS. */
    public @Nullable String certificatePem() {
        return identity == null ? null : identity.certificatePem();
    }

    /** What was seen until now; exact once no connection is active. */
    public CompanionCounts counts() {
        return CompanionCounts.sum(counters, processCpuSeconds());
    }

    private static double processCpuSeconds() {
        return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .orElse(Duration.ZERO)
                        .toMillis()
                / 1e3;
    }

    /** Whether {@link #finish} or {@link #close} was called: it no longer listens. */
    public boolean hasFinished() {
        return finished || closed.get();
    }

    /**
     * Runs the step on an event loop that has met an OutOfMemoryError. Without it the companion would keep its port and serve nobody,
     * or only some.
     */
    public void whenOutOfMemory(Runnable step) {
        loops.forEach(loop -> loop.outOfMemory = step);
    }

    /** Accepts nothing from the moment this returns; new connections wait in the kernel's accept queue. */
    public void pauseAccepting() {
        inFirstLoop(acceptor::pause);
    }

    /** Accepts again, with the delay of the settings. */
    public void resumeAccepting() {
        inFirstLoop(acceptor::resume);
    }

    /**
     * Takes what waits in the accept queue, stops listening, closes idle connections with FIN, and waits until the others have
     * finished their exchange. Abandoned connections stay.
     *
     * @return whether all have ended within the time
     */
    public boolean finish(Duration atMost) {
        if (closed.get()) {
            return true;
        }
        finished = true;
        inFirstLoop(acceptor::finish);
        for (ServingLoop loop : loops) {
            await(loop.eventLoop.submit(loop::finish));
        }
        long deadline = System.nanoTime() + atMost.toNanos();
        while (System.nanoTime() < deadline) {
            if (settled()) {
                return true;
            }
            try {
                Thread.sleep(2);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return settled();
    }

    private boolean settled() {
        CompanionCounts counts = CompanionCounts.sum(counters, 0);
        return counts.active() <= counts.abandoned();
    }

    /** Stops at once: closes the listener and every connection, abandoned ones too. */
    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            inFirstLoop(acceptor::close);
            for (ServingLoop loop : loops) {
                await(loop.eventLoop.submit(loop::closeAll));
            }
            end(group, loops, lingeringCloses);
            if (tls != null) {
                tls.close();
            }
        }
    }

    private static void end(
            MultiThreadIoEventLoopGroup group, List<ServingLoop> loops, LingeringCloses lingeringCloses) {
        lingeringCloses.close();
        boolean ended = group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
        if (ended) {
            loops.forEach(ServingLoop::release);
        }
    }
}
