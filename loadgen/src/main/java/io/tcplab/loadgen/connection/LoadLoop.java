package io.tcplab.loadgen.connection;

import io.netty.channel.IoEventLoop;
import io.netty.channel.SingleThreadIoEventLoop;
import io.tcplab.kernel.syscall.CpuClock;
import io.tcplab.kernel.syscall.Syscalls;
import io.tcplab.loadgen.connection.wire.Wires;
import io.tcplab.loadgen.record.LatencyRecorder;
import io.tcplab.loadgen.record.Ledger;
import io.tcplab.loadgen.record.StatusCounts;
import io.tcplab.loadgen.record.TlsTally;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One event loop of the generator: starts connections when its pacer says so and keeps what they share. Everything but the methods
 * of the public class contract runs on the loop's own thread.
 *
 * <p>The order of calls from outside is {@link #begin}, {@link #finish}, then {@link #close}; readings may be taken at any time.
 */
public final class LoadLoop implements AutoCloseable, PacedIoHandler.Clock, Shared.Slots {

    private static final long AWAKE_NANOS = 50_000;

    private static final long LOOK_AGAIN_MILLIS = 100;

    private final LoopPlan plan;
    private final IoEventLoop eventLoop;
    private final Shared shared;
    private final Recording recording;
    private final Starts starts;
    private final CompletableFuture<Void> drained = new CompletableFuture<>();

    /** CPU time in which a loop with a CPU of its own did nothing but wait; for the sampling thread. */
    private final AtomicLong idleNanos = new AtomicLong();

    /** By when the end that was ordered comes; {@link Long#MAX_VALUE} = none was, or it has come. */
    private long endsNanos = Long.MAX_VALUE;

    /** The loop's thread, as the kernel knows it; volatile: the sampling thread reads it. */
    private volatile int threadId;

    public LoadLoop(LoopPlan plan) {
        this.plan = plan;
        Wires[] made = new Wires[1];
        this.eventLoop = new SingleThreadIoEventLoop(
                null,
                Thread.ofPlatform().name("loop-" + plan.number()).daemon(true).factory(),
                executor -> {
                    made[0] = plan.wires().make(executor);
                    return new PacedIoHandler(
                            made[0].ioHandler(), this, plan.cpu() == LoopPlan.ANY_CPU ? 0 : AWAKE_NANOS);
                });
        this.shared = new Shared(plan, made[0], eventLoop, this);
        this.recording = shared.recording;
        this.starts = new Starts(plan, shared);
    }

    /**
     * Begins to start connections at {@code startNanos}; what begins at {@code recordFromNanos} or later is recorded. Returns
     * when the loop has taken the order.
     */
    public void begin(long startNanos, long recordFromNanos) {
        CompletableFuture.runAsync(
                        () -> {
                            starts.begin(startNanos, recordFromNanos);
                            completeWhenDrained();
                        },
                        eventLoop)
                .join();
    }

    /** Starts no more connections and brings those in progress to their planned end; completes when none is left. */
    public CompletableFuture<Void> finish() {
        eventLoop.execute(this::beginEnding);
        return drained;
    }

    /** Completes when the plan's number of connections has been started and all have ended, or after {@link #finish}. */
    public CompletableFuture<Void> drained() {
        return drained;
    }

    /** Closes what is still open; it counts as open at the end. The loop serves no more afterwards. */
    @Override
    public void close() {
        CompletableFuture.runAsync(this::cut, eventLoop).join();
        shared.lingerers.close();
        eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
        if (shared.securing != null) {
            shared.securing.close();
        }
    }

    /** Returns the counts of a route's connections, of the recorded part or of the warm-up. */
    public Ledger ledger(int route, boolean warmup) {
        return warmup ? recording.warmup(route) : recording.recorded(route);
    }

    /** Takes what was recorded since the last call, and has the loop go on with {@code empty}. */
    public LatencyRecorder harvest(LatencyRecorder empty) {
        empty.prepareFor(recording.latencies());
        CompletableFuture<LatencyRecorder> taken = new CompletableFuture<>();
        try {
            eventLoop.execute(() -> taken.complete(recording.swap(empty)));
        } catch (RejectedExecutionException _) {
            return recording.swap(empty); // the loop has ended
        }
        // A loop that is about to end may accept a task and never run it.
        while (true) {
            LatencyRecorder filled = taken.copy()
                    .completeOnTimeout(null, LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)
                    .join();
            if (filled != null) {
                return filled;
            }
            boolean ended = eventLoop.isTerminated();
            if (ended && !taken.isDone()) {
                return recording.swap(empty);
            }
        }
    }

    /** Returns the HTTP statuses received on a route in the recorded part. */
    public StatusCounts statuses(int route) {
        return recording.statuses(route);
    }

    /** Returns what the handshakes of TLS came to in the recorded part. */
    public TlsTally tls() {
        return recording.tls();
    }

    /** Returns how late the first connection of all was started; 0 before. */
    public long firstStartLateNanos() {
        return shared.firstLateNanos();
    }

    /** Returns how many connections are in progress. */
    public int inFlight() {
        return shared.live.count();
    }

    /** Returns the CPU time that this loop's thread has worked, until it ends. */
    public long cpuNanos() {
        return CpuClock.threadNanos(threadId) - idleNanos.get();
    }

    @Override
    public void enter() {
        threadId = Syscalls.gettid();
        if (plan.cpu() != LoopPlan.ANY_CPU) {
            BitSet own = new BitSet();
            own.set(plan.cpu());
            Syscalls.setAffinity(0, own); // refused only where the CPU went away: then it runs on any
        }
        shared.wires.enterLoop();
    }

    @Override
    public long nextNanos() {
        long next = Math.min(Math.min(shared.deadlines.nextNanos(), starts.nextNanos()), endsNanos);
        return shared.requests == null ? next : Math.min(next, shared.requests.nextNanos());
    }

    @Override
    public void idled(long nanos) {
        idleNanos.lazySet(idleNanos.getPlain() + nanos);
    }

    @Override
    public boolean awaitsReadiness() {
        return shared.wires.awaitsReadiness();
    }

    @Override
    public void tick(long now) {
        if (starts.prepareRecording(now)) {
            completeWhenDrained();
        }
        if (shared.deadlines.nextNanos() <= now) {
            shared.deadlines.expire(now);
        }
        if (shared.requests != null) {
            shared.requests.run(now);
            if (endsNanos != Long.MAX_VALUE && (now >= endsNanos || shared.requests.owesNothing())) {
                end();
            }
        }
        starts.startIfDue(now);
    }

    @Override
    public void fail(Throwable broken) {
        starts.end();
        drained.completeExceptionally(broken);
    }

    private void beginEnding() {
        long now = System.nanoTime();
        // A loop that is late may not have seen yet that the warm-up is over.
        boolean _ = starts.prepareRecording(now);
        if (shared.requests != null && shared.requests.owes(now)) {
            endsNanos = now + Requests.MADE_UP_NANOS;
        } else {
            starts.makeUp(now);
            end();
        }
    }

    private void end() {
        endsNanos = Long.MAX_VALUE;
        shared.finishing = true;
        starts.end();
        shared.live.wrapUp(System.nanoTime());
        completeWhenDrained();
    }

    private void cut() {
        shared.finishing = true;
        starts.end();
        shared.live.cut(System.nanoTime());
        drained.complete(null);
    }

    @Override
    public void released(long nowNanos) {
        starts.released(nowNanos);
        completeWhenDrained();
    }

    /** At once where the loop has no share: of fewer connections than there are loops. */
    private void completeWhenDrained() {
        if (shared.live.isEmpty() && starts.areAllMade()) {
            drained.complete(null);
        }
    }
}
