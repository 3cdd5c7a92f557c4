package io.tcplab.loadgen.connection;

import io.netty.channel.IoEventLoop;
import io.netty.channel.SingleThreadIoEventLoop;
import io.tcplab.kernel.syscall.CpuClock;
import io.tcplab.kernel.syscall.Syscalls;
import io.tcplab.loadgen.connection.wire.Wires;
import io.tcplab.loadgen.pace.Pacer;
import io.tcplab.loadgen.pace.RouteChoice;
import io.tcplab.loadgen.plan.Load;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.Route;
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

    private static final long PREPARE_EVERY_NANOS = 10_000_000;
    /** How long ahead of its time a start is set about: the socket is made by then. */
    private static final long OPEN_AHEAD_NANOS = 5_000;

    private static final long AWAKE_NANOS = 50_000;

    /** How late an open loop's last starts may be when it ends: later ones are not made up for. */
    private static final long MADE_UP_NANOS = 100_000_000;

    private final LoopPlan plan;
    private final Profile profile;
    private final IoEventLoop eventLoop;
    private final Shared shared;
    private final Recording recording;
    private final RouteChoice choice;
    private final CompletableFuture<Void> drained = new CompletableFuture<>();

    private Pacer pacer = new Pacer.Slots(0, 0);
    private long recordFromNanos = Long.MAX_VALUE;
    private long warmupEndNanos = Long.MAX_VALUE;

    /** Nothing that is due by then or later is started; known for an open loop. */
    private long endNanos = Long.MAX_VALUE;

    private long nextIndex;
    private long endIndex;
    private boolean warm;
    private long nextPrepareNanos = Long.MAX_VALUE;

    /** CPU time in which a loop with a CPU of its own did nothing but wait; for the sampling thread. */
    private final AtomicLong idleNanos = new AtomicLong();

    /** How late the first connection was started, 0 before; volatile: it is read when the run is over. */
    private volatile long firstStartLateNanos;

    private boolean hasStarted;

    /** The loop's thread, as the kernel knows it; volatile: the sampling thread reads it. */
    private volatile int threadId;

    public LoadLoop(LoopPlan plan) {
        this.plan = plan;
        this.profile = plan.profile();
        this.choice = new RouteChoice(
                profile.routes().stream().mapToDouble(Route::weight).toArray(), plan.seed());
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
    }

    /**
     * Begins to start connections at {@code startNanos}; what begins at {@code recordFromNanos} or later is recorded. Returns
     * when the loop has taken the order.
     */
    public void begin(long startNanos, long recordFromNanos) {
        CompletableFuture.runAsync(
                        () -> {
                            this.recordFromNanos = recordFromNanos;
                            warm = recordFromNanos > startNanos;
                            recording.begin(recordFromNanos, warm);
                            warmupEndNanos = warm ? recordFromNanos : Long.MAX_VALUE;
                            nextPrepareNanos = warm ? startNanos : Long.MAX_VALUE;
                            nextIndex = plan.number();
                            endIndex = warm ? Long.MAX_VALUE : profile.connections();
                            endNanos = endNanos();
                            pacer = pacer(startNanos);
                            if (shared.requests != null) {
                                shared.requests.begin(startNanos);
                            }
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
        try {
            return CompletableFuture.supplyAsync(() -> recording.swap(empty), eventLoop)
                    .join();
        } catch (RejectedExecutionException _) {
            return recording.swap(empty); // the loop has ended
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
        return firstStartLateNanos;
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
        long next = shared.deadlines.nextNanos();
        if (nextIndex < endIndex && pacer.nextStartNanos() < endNanos) {
            next = Math.min(next, pacer.nextStartNanos() - OPEN_AHEAD_NANOS);
        }
        if (shared.requests != null) {
            next = Math.min(next, shared.requests.nextNanos());
        }
        return Math.min(next, warmupEndNanos);
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
        if (now >= nextPrepareNanos) {
            prepareRecording(now);
        }
        if (shared.deadlines.nextNanos() <= now) {
            shared.deadlines.expire(now);
        }
        if (shared.requests != null) {
            shared.requests.run(now);
        }
        long intended = pacer.nextStartNanos();
        if (intended - OPEN_AHEAD_NANOS <= now && nextIndex < endIndex && intended < endNanos) {
            pacer.take();
            start(intended);
        }
    }

    @Override
    public void fail(Throwable broken) {
        endIndex = 0;
        drained.completeExceptionally(broken);
    }

    private void prepareRecording(long now) {
        recording.prepare();
        nextPrepareNanos = Math.min(now + PREPARE_EVERY_NANOS, recordFromNanos);
        if (now >= recordFromNanos) {
            endWarmup();
        }
    }

    private long endNanos() {
        return profile.load() instanceof Load.Open && profile.durationNanos() != Profile.UNLIMITED
                ? recordFromNanos + profile.durationNanos()
                : Long.MAX_VALUE;
    }

    /** The time is over: what was due before is started, so that there are as many starts as the plan has, however busy this CPU is. */
    private void makeUp(long now) {
        if (now < endNanos || endNanos - pacer.nextStartNanos() > MADE_UP_NANOS) {
            return;
        }
        while (pacer.nextStartNanos() < endNanos && nextIndex < endIndex) {
            long intended = pacer.nextStartNanos();
            pacer.take();
            start(intended);
        }
    }

    private Pacer pacer(long startNanos) {
        return warm
                ? Pacer.warmup(profile.load(), plan.seed(), startNanos, plan.number(), plan.loops())
                : Pacer.of(profile.load(), plan.seed(), startNanos, plan.number(), plan.loops());
    }

    private void endWarmup() {
        warm = false;
        warmupEndNanos = Long.MAX_VALUE;
        nextPrepareNanos = Long.MAX_VALUE;
        recording.endWarmup();
        long carried = shared.live.carryOver(recording);
        if (profile.load() instanceof Load.Open) {
            pacer = pacer(recordFromNanos);
        }
        if (shared.requests != null) {
            shared.requests.begin(recordFromNanos);
        }
        nextIndex = plan.number();
        endIndex = profile.connections() == Profile.UNLIMITED || shared.holds
                ? Profile.UNLIMITED
                : Math.max(0, profile.connections() - carried * plan.loops());
    }

    private void start(long intended) {
        if (!hasStarted) {
            hasStarted = true;
            firstStartLateNanos = Math.max(0, System.nanoTime() - intended);
        }
        Connection spare = shared.live.takeSpare();
        Connection connection = spare == null ? new Connection(shared) : spare;
        long index = nextIndex;
        nextIndex += plan.loops();
        shared.live.add(connection);
        connection.start(index, choice.routeOf(index), intended);
    }

    private void beginEnding() {
        makeUp(System.nanoTime());
        shared.finishing = true;
        endIndex = 0;
        shared.live.wrapUp(System.nanoTime());
        completeWhenDrained();
    }

    private void cut() {
        shared.finishing = true;
        endIndex = 0;
        shared.live.cut(System.nanoTime());
        drained.complete(null);
    }

    @Override
    public void released(long nowNanos) {
        pacer.released(nowNanos);
        completeWhenDrained();
    }

    private void completeWhenDrained() {
        if (shared.live.isEmpty() && nextIndex >= endIndex && !warm) {
            drained.complete(null);
        }
    }
}
