package io.tcplab.target;

import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A running target: listens, accepts, answers and closes as it is asked to, and counts what it saw. All methods may be called from
 * any thread but an event loop's own.
 */
public final class Companion implements AutoCloseable {

    private final MultiThreadIoEventLoopGroup group;
    private final List<ServingLoop> loops;
    private final List<LoopCounters> counters;
    private final LingeringCloses lingeringCloses;
    private final ServerChannel listener;
    private final Acceptor acceptor;
    private final InetSocketAddress address;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Companion(
            MultiThreadIoEventLoopGroup group, List<ServingLoop> loops, LingeringCloses lingeringCloses, Bound bound) {
        this.group = group;
        this.loops = loops;
        this.counters = loops.stream().map(loop -> loop.counters).toList();
        this.lingeringCloses = lingeringCloses;
        this.listener = bound.listener;
        this.acceptor = bound.acceptor;
        this.address = (InetSocketAddress) bound.listener.localAddress();
    }

    private record Bound(ServerChannel listener, Acceptor acceptor) {}

    /**
     * Starts a companion and returns once it listens.
     *
     * @throws CompanionException when the address cannot be bound, in one sentence with the errno and the remedy
     */
    public static Companion start(CompanionSettings settings) throws CompanionException {
        boolean epoll = Listener.epoll(settings);
        InetAddress host = resolve(settings.host());
        MultiThreadIoEventLoopGroup group = Listener.eventLoops(epoll, settings.eventLoops());
        LingeringCloses lingeringCloses = new LingeringCloses();
        List<ServingLoop> loops = new ArrayList<>();
        for (int i = 0; i < settings.eventLoops(); i++) {
            loops.add(new ServingLoop(group.next(), lingeringCloses));
        }
        try {
            return new Companion(group, List.copyOf(loops), lingeringCloses, bind(epoll, host, settings, loops));
        } catch (CompanionException refused) {
            end(group, loops, lingeringCloses);
            throw refused;
        }
    }

    private static InetAddress resolve(String host) throws CompanionException {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException unknown) {
            throw new CompanionException("bind: the host name " + host + " does not resolve; give an address", unknown);
        }
    }

    private static Bound bind(boolean epoll, InetAddress host, CompanionSettings settings, List<ServingLoop> loops)
            throws CompanionException {
        if (settings.port() != 0) {
            return bind(epoll, new InetSocketAddress(host, settings.port()), settings, loops);
        }
        for (int port = CompanionSettings.FIRST_PORT; port < CompanionSettings.LAST_PORT; port++) {
            try {
                return bind(epoll, new InetSocketAddress(host, port), settings, loops);
            } catch (CompanionException refused) {
                if (refused.getCause() == null || !Listener.isInUse(refused.getCause())) {
                    throw refused;
                }
            }
        }
        return bind(epoll, new InetSocketAddress(host, CompanionSettings.LAST_PORT), settings, loops);
    }

    private static Bound bind(
            boolean epoll, InetSocketAddress address, CompanionSettings settings, List<ServingLoop> loops)
            throws CompanionException {
        ServerChannel listener = Listener.open(epoll, address.getAddress(), settings);
        Acceptor acceptor = new Acceptor(settings, loops, listener);
        listener.pipeline().addLast(acceptor);
        EventLoop first = loops.getFirst().eventLoop;
        ChannelFuture registered = first.register(listener).awaitUninterruptibly();
        ChannelFuture bound = registered.isSuccess() ? listener.bind(address).awaitUninterruptibly() : registered;
        if (bound.isSuccess()) {
            return new Bound(listener, acceptor);
        }
        await(listener.close());
        Throwable cause = bound.cause();
        throw Listener.refused(address, cause == null ? new IllegalStateException("interrupted") : cause);
    }

    private static void await(Future<?> future) {
        Future<?> _ = future.awaitUninterruptibly();
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** {@code HOST:PORT} of {@link #address}. */
    public String addressText() {
        return Listener.text(address);
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

    /** Accepts nothing from the moment this returns; new connections wait in the kernel's accept queue. */
    public void pauseAccepting() {
        inListenersLoop(acceptor::pause);
    }

    /** Accepts again, with the delay of the settings. */
    public void resumeAccepting() {
        inListenersLoop(acceptor::resume);
    }

    private void inListenersLoop(Runnable step) {
        await(listener.eventLoop().submit(step));
    }

    /**
     * Takes what waits in the accept queue, stops listening, closes idle connections with FIN, and waits until the
     * others have finished their exchange. Abandoned connections stay.
     *
     * @return whether all have ended within the time
     */
    public boolean finish(Duration atMost) {
        if (listener.isOpen()) {
            Promise<Void> closed = listener.eventLoop().newPromise();
            listener.eventLoop().execute(() -> acceptor.finish(closed));
            await(closed);
        }
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
            end(group, loops, lingeringCloses);
        }
    }

    private static void end(
            MultiThreadIoEventLoopGroup group, List<ServingLoop> loops, LingeringCloses lingeringCloses) {
        lingeringCloses.close();
        boolean ended = group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
        if (ended) {
            loops.forEach(loop -> loop.readBuffer.release());
        }
    }
}
