package io.tcplab.loadgen.run;

import io.tcplab.loadgen.connection.Destination;
import io.tcplab.loadgen.connection.LoadLoop;
import io.tcplab.loadgen.connection.LoopPlan;
import io.tcplab.loadgen.connection.wire.Wires;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.Share;
import io.tcplab.loadgen.record.CauseTally;
import io.tcplab.loadgen.record.TlsTally;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** The event loops of one load, which begin and end together. One thread runs the load; any thread may interrupt it. */
final class LoopGroup {

    /** How long what is open may take to end after an interruption. */
    private static final long INTERRUPTED_DRAIN_NANOS = 1_000_000_000;

    private final List<LoadLoop> loops;
    private final CompletableFuture<Void> interruption = new CompletableFuture<>();
    private final CompletableFuture<Void> enough = new CompletableFuture<>();

    private LoopGroup(List<LoadLoop> loops) {
        this.loops = List.copyOf(loops);
    }

    /** The loops that generate {@code share} of a profile's load; {@code destinations} are those of its targets, or one. */
    static LoopGroup of(
            Profile profile,
            Share share,
            List<Destination> destinations,
            TransportChoice transport,
            long seed,
            LoopCpus cpus,
            CauseTally causes) {
        int count = loops(profile, share);
        List<InetSocketAddress> targets =
                destinations.stream().map(Destination::address).toList();
        List<LoadLoop> each = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<InetAddress> sources = sources(profile.client().sources(), i, count);
            Wires.Factory wires = transport.wires(profile.client(), targets, sources);
            each.add(new LoadLoop(new LoopPlan(
                    profile, destinations, wires, seed, share.loop(i), share.of() * count, cpus.of(i), causes)));
        }
        return new LoopGroup(each);
    }

    /** Not more than have a share of the load: of requests by the clock, a loop without a connection would take some and send none. */
    private static int loops(Profile profile, Share share) {
        int most = Math.max(1, profile.load().mostShares() / share.of());
        return Math.min(profile.client().eventLoops(), most);
    }

    /** Each loop has sources of its own where there are enough, so that loops never search the same ports. */
    private static List<InetAddress> sources(List<InetAddress> all, int number, int loops) {
        if (all.size() < loops) {
            return all;
        }
        List<InetAddress> own = new ArrayList<>();
        for (int i = number; i < all.size(); i += loops) {
            own.add(all.get(i));
        }
        return own;
    }

    List<LoadLoop> each() {
        return loops;
    }

    void begin(long startNanos, long recordFromNanos) {
        loops.forEach(loop -> loop.begin(startNanos, recordFromNanos));
    }

    /** Ends what is being waited for. */
    void interrupt() {
        interruption.complete(null);
    }

    /** The time that is waited for has come, from now on: what is open may end as ever. */
    void endWaiting() {
        enough.complete(null);
    }

    boolean isInterrupted() {
        return interruption.isDone();
    }

    /** Waits for the time, for the end of the planned number of connections, for {@link #endWaiting}, or for an interruption. */
    void waitUntil(long nanos) {
        await(CompletableFuture.anyOf(all(LoadLoop::drained), interruption, enough), nanos - System.nanoTime());
    }

    /**
     * Starts nothing more and waits for the end of what is open, as long as the profile's limits let it take; an interruption that comes
     * only now ends the wait as well.
     */
    void drain(Profile profile, boolean wasInterrupted) {
        CompletableFuture<?> drained = all(LoadLoop::finish);
        await(
                wasInterrupted ? drained : CompletableFuture.anyOf(drained, interruption),
                wasInterrupted ? INTERRUPTED_DRAIN_NANOS : drainLimitNanos(profile));
    }

    private static long drainLimitNanos(Profile profile) {
        long longestLinger = profile.mix().stream()
                .mapToLong(member -> member.close().lingerSeconds() * 1_000_000_000L)
                .max()
                .orElse(0);
        return Math.max(profile.client().connectTimeoutNanos(), profile.client().exchangeTimeoutNanos())
                + Math.max(profile.client().closeTimeoutNanos(), longestLinger)
                + 1_000_000_000L;
    }

    void close() {
        loops.forEach(LoadLoop::close);
    }

    TlsTally.Reading tls() {
        TlsTally sum = new TlsTally();
        loops.forEach(loop -> sum.add(loop.tls()));
        return sum.read();
    }

    private CompletableFuture<Void> all(Function<LoadLoop, CompletableFuture<?>> each) {
        return CompletableFuture.allOf(loops.stream().map(each).toArray(CompletableFuture[]::new));
    }

    private static void await(CompletableFuture<?> future, long nanos) {
        try {
            future.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            // the time was what we waited for
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an event loop failed: " + e.getCause(), e.getCause());
        }
    }
}
