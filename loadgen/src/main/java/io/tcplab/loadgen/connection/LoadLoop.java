package io.tcplab.loadgen.connection;

import io.netty.channel.IoEventLoop;
import io.netty.channel.SingleThreadIoEventLoop;
import io.tcplab.kernel.syscall.CpuClock;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.Syscalls;
import io.tcplab.loadgen.pace.ArrivalSchedule;
import io.tcplab.loadgen.pace.DeadlineQueue;
import io.tcplab.loadgen.pace.MemberChoice;
import io.tcplab.loadgen.pace.Pacer;
import io.tcplab.loadgen.pace.RandomBits;
import io.tcplab.loadgen.plan.ClientOptions;
import io.tcplab.loadgen.plan.Load;
import io.tcplab.loadgen.plan.MixMember;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.Protocol;
import io.tcplab.loadgen.record.LatencyRecorder;
import io.tcplab.loadgen.record.Ledger;
import io.tcplab.loadgen.record.Metric;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One event loop of the generator: starts connections when its pacer says so and keeps what they share. Everything but the methods
 * of the public class contract runs on the loop's own thread.
 *
 * <p>The order of calls from outside is {@link #begin}, {@link #finish}, then {@link #close}; readings may be taken at any time.
 */
public final class LoadLoop implements AutoCloseable, PacedIoHandler.Clock {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MAX_INLINE_STEPS = 16;
    private static final long PREPARE_EVERY_NANOS = 10_000_000;
    private static final long OPEN_AHEAD_NANOS = 5_000;
    private static final long AWAKE_NANOS = 50_000;
    private static final int RTT_ALL = 256;
    /** A power of two. */
    private static final int RTT_ONE_IN = 16;

    /** In the warm-up, where the code that asks is to be compiled; a power of two. */
    private static final int RTT_ONE_IN_WARMUP = 2;

    /** Places in {@link #latencies}. */
    private static final int RECORDED = 0;

    private static final int WARMUP = 1;

    private final LoopPlan plan;
    private final Profile profile;
    private final MixMember[] members;
    private final IoEventLoop eventLoop;
    private final Wires wires;
    private final Dialogue dialogue;
    private final Buffer input = new Buffer(BUFFER_BYTES);
    private final Buffer output = new Buffer(BUFFER_BYTES);
    private final DeadlineQueue deadlines = new DeadlineQueue();
    private final MemberChoice choice;
    private final Ledger[] warmupLedgers;
    private final Ledger[] ledgers;

    /**
     * What began before the recorded part goes through the same code into a recorder that nobody asks: were it left out,
     * the compiler would have dropped the recording as never used, and would compile everything again when it is.
     */
    private final LatencyRecorder[] latencies;

    private final boolean holds;
    private final boolean openLoop;
    private final boolean optimistic;
    private final ExecutorService lingerers;
    private final List<Connection> abandoned = new ArrayList<>();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();

    /** Live connections, for the sampling thread. */
    private final AtomicInteger inFlight = new AtomicInteger();

    private @Nullable Connection firstLive;
    private Pacer pacer = new Pacer.Slots(0, 0);
    private long recordFromNanos = Long.MAX_VALUE;
    private long warmupEndNanos = Long.MAX_VALUE;
    private long nextIndex;
    private long endIndex;
    private boolean warm;
    private int rttOneIn = RTT_ONE_IN;
    private boolean ending;
    private int live;
    private int inlineSteps;
    private long nextPrepareNanos = Long.MAX_VALUE;

    /** CPU time in which a loop with a CPU of its own did nothing but wait; for the sampling thread. */
    private final AtomicLong idleNanos = new AtomicLong();

    /** Where connections that start now are counted. */
    private Ledger[] currentLedgers;

    /** The loop's thread, as the kernel knows it; volatile: the sampling thread reads it. */
    private volatile int threadId;

    public LoadLoop(LoopPlan plan) {
        this.plan = plan;
        this.profile = plan.profile();
        this.members = profile.mix().toArray(MixMember[]::new);
        this.dialogue = dialogue(plan);
        this.choice = new MemberChoice(
                profile.mix().stream().mapToDouble(MixMember::weight).toArray(), plan.seed());
        this.warmupLedgers = ledgers(members.length);
        this.ledgers = ledgers(members.length);
        this.currentLedgers = ledgers;
        this.latencies =
                new LatencyRecorder[] {new LatencyRecorder(members.length), new LatencyRecorder(members.length)};
        this.holds = profile.load() instanceof Load.Hold;
        this.openLoop = !(profile.load() instanceof Load.Closed);
        this.optimistic = profile.client().optimistic();
        this.lingerers = Executors.newCachedThreadPool(
                Thread.ofPlatform().name("linger-", 0).daemon(true).factory());
        Wires[] made = new Wires[1];
        this.eventLoop = new SingleThreadIoEventLoop(
                null,
                Thread.ofPlatform().name("loop-" + plan.number()).daemon(true).factory(),
                executor -> {
                    made[0] = new EpollWires(profile.client(), plan.target(), plan.sources(), executor);
                    return new PacedIoHandler(
                            made[0].ioHandler(), this, plan.cpu() == LoopPlan.ANY_CPU ? 0 : AWAKE_NANOS);
                });
        this.wires = made[0];
    }

    private static Ledger[] ledgers(int members) {
        Ledger[] ledgers = new Ledger[members];
        for (int i = 0; i < members; i++) {
            ledgers[i] = new Ledger();
        }
        return ledgers;
    }

    private static Dialogue dialogue(LoopPlan plan) {
        return switch (plan.profile().protocol()) {
            case Protocol.Tcplab _ -> new FramedDialogue();
            case Protocol.Echo _ -> new EchoDialogue();
            case Protocol.None _ -> new SilentDialogue();
            case Protocol.Http http ->
                new HttpDialogue(
                        http,
                        plan.target().getHostString() + ":" + plan.target().getPort());
        };
    }

    // ---- from outside
    // -----------------------------------------------------------------------------------------------------

    /**
     * Begins to start connections at {@code startNanos}; what begins at {@code recordFromNanos} or later is recorded. Returns
     * when the loop has taken the order.
     */
    public void begin(long startNanos, long recordFromNanos) {
        CompletableFuture.runAsync(
                        () -> {
                            this.recordFromNanos = recordFromNanos;
                            warm = recordFromNanos > startNanos;
                            rttOneIn = warm ? RTT_ONE_IN_WARMUP : RTT_ONE_IN;
                            warmupEndNanos = warm ? recordFromNanos : Long.MAX_VALUE;
                            nextPrepareNanos = warm ? startNanos : Long.MAX_VALUE;
                            currentLedgers = warm ? warmupLedgers : ledgers;
                            nextIndex = plan.number();
                            endIndex = warm ? Long.MAX_VALUE : profile.connections();
                            pacer = pacer(startNanos);
                        },
                        eventLoop)
                .join();
    }

    /** Starts no more connections and brings those under way to their planned end; completes when none is left. */
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
        lingerers.shutdownNow();
        eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    /** Returns the counts of a member's recorded connections. */
    public Ledger ledger(int member) {
        return ledgers[member];
    }

    /** Returns the counts of a member's connections of the warm-up. */
    public Ledger warmupLedger(int member) {
        return warmupLedgers[member];
    }

    /** Takes what was recorded since the last call, and has the loop go on with {@code empty}. */
    public LatencyRecorder harvest(LatencyRecorder empty) {
        empty.prepareFor(latencies[RECORDED]);
        try {
            return CompletableFuture.supplyAsync(() -> swapLatencies(empty), eventLoop)
                    .join();
        } catch (RejectedExecutionException _) {
            return swapLatencies(empty); // the loop has ended
        }
    }

    private LatencyRecorder swapLatencies(LatencyRecorder empty) {
        LatencyRecorder filled = latencies[RECORDED];
        latencies[RECORDED] = empty;
        return filled;
    }

    /** Returns how many connections are under way. */
    public int inFlight() {
        return inFlight.getOpaque();
    }

    /** Returns the CPU time that this loop's thread has worked, until it ends. */
    public long cpuNanos() {
        return CpuClock.threadNanos(threadId) - idleNanos.get();
    }

    // ---- the clock
    // --------------------------------------------------------------------------------------------------------

    @Override
    public void enter() {
        threadId = Syscalls.gettid();
        if (plan.cpu() != LoopPlan.ANY_CPU) {
            BitSet own = new BitSet();
            own.set(plan.cpu());
            Syscalls.setAffinity(0, own); // refused only where the CPU went away: then it runs on any
        }
        wires.enterLoop();
    }

    @Override
    public long nextNanos() {
        long next = deadlines.nextNanos();
        if (nextIndex < endIndex) {
            next = Math.min(next, dueNanos(pacer.nextStartNanos()));
        }
        return Math.min(next, warmupEndNanos);
    }

    @Override
    public void idled(long nanos) {
        idleNanos.lazySet(idleNanos.getPlain() + nanos);
    }

    @Override
    public boolean awaitsReadiness() {
        return wires.awaitsReadiness();
    }

    @Override
    public void tick(long now) {
        if (now >= nextPrepareNanos) {
            prepareRecording(now);
        }
        if (deadlines.nextNanos() <= now) {
            deadlines.expire(now);
        }
        long intended = pacer.nextStartNanos();
        if (dueNanos(intended) <= now && nextIndex < endIndex) {
            pacer.take();
            start(intended);
        }
    }

    /** When to set about a start: the socket is made a little ahead of its time. */
    private static long dueNanos(long intendedNanos) {
        return intendedNanos - OPEN_AHEAD_NANOS;
    }

    @Override
    public void fail(RuntimeException broken) {
        endIndex = 0;
        drained.completeExceptionally(broken);
    }

    /** Memory for what the warm-up records will be wanted for the same in the recorded part, and is fetched before it. */
    private void prepareRecording(long now) {
        latencies[RECORDED].prepareFor(latencies[WARMUP]);
        nextPrepareNanos = Math.min(now + PREPARE_EVERY_NANOS, recordFromNanos);
        if (now >= recordFromNanos) {
            endWarmup();
        }
    }

    private Pacer pacer(long startNanos) {
        return switch (profile.load()) {
            case Load.Open open
            when warm -> new Pacer.Scheduled(warmupSchedule(open), startNanos, plan.number(), plan.loops());
            case Load.Open open ->
                new Pacer.Scheduled(ArrivalSchedule.of(open, plan.seed()), startNanos, plan.number(), plan.loops());
            case Load.Closed closed -> new Pacer.Slots(share(closed.concurrency()), startNanos);
            case Load.Hold hold ->
                new Pacer.Scheduled(ArrivalSchedule.of(hold), startNanos, plan.number(), plan.loops());
        };
    }

    /** The warm-up of an open loop runs evenly at the rate with which the recorded part begins. */
    private ArrivalSchedule warmupSchedule(Load.Open open) {
        Load.RateSegment first = open.segments().getFirst();
        double rate = first.fromPerSecond() > 0 ? first.fromPerSecond() : first.toPerSecond() / 2;
        Load.Open even = new Load.Open(List.of(new Load.RateSegment(rate, rate, Long.MAX_VALUE)), open.arrivals());
        return ArrivalSchedule.of(even, plan.seed() + 1);
    }

    private int share(int whole) {
        return whole / plan.loops() + (plan.number() < whole % plan.loops() ? 1 : 0);
    }

    private void endWarmup() {
        warm = false;
        rttOneIn = RTT_ONE_IN;
        warmupEndNanos = Long.MAX_VALUE;
        nextPrepareNanos = Long.MAX_VALUE;
        currentLedgers = ledgers;
        long carried = 0;
        for (Connection connection = firstLive; connection != null; connection = connection.next) {
            connection.carryOver(ledgers[connection.memberNumber()]);
            carried++;
        }
        if (profile.load() instanceof Load.Open) {
            pacer = pacer(recordFromNanos);
        }
        nextIndex = plan.number();
        endIndex = profile.connections() == Profile.UNLIMITED
                ? Profile.UNLIMITED
                : Math.max(0, profile.connections() - carried * plan.loops());
        if (holds) {
            endIndex = Profile.UNLIMITED;
        }
    }

    private void start(long intended) {
        int member = choice.memberOf(nextIndex);
        Connection connection = new Connection(this, nextIndex, member, currentLedgers[member]);
        nextIndex += plan.loops();
        Connection second = firstLive;
        connection.next = second;
        if (second != null) {
            second.previous = connection;
        }
        firstLive = connection;
        connection.listed = true;
        inFlight.setOpaque(++live);
        connection.start(intended);
    }

    private void unlist(Connection connection) {
        Connection before = connection.previous;
        Connection after = connection.next;
        if (before == null) {
            firstLive = after;
        } else {
            before.next = after;
        }
        if (after != null) {
            after.previous = before;
        }
        connection.previous = null;
        connection.next = null;
        connection.listed = false;
        inFlight.setOpaque(--live);
    }

    private void beginEnding() {
        ending = true;
        endIndex = 0;
        long now = System.nanoTime();
        List<Connection> all = new ArrayList<>(live);
        for (Connection connection = firstLive; connection != null; connection = connection.next) {
            all.add(connection);
        }
        for (Connection connection : all) {
            connection.wrapUp(now);
        }
        completeWhenDrained();
    }

    private void cut() {
        ending = true;
        endIndex = 0;
        long now = System.nanoTime();
        Connection connection = firstLive;
        while (connection != null) {
            Connection after = connection.next;
            connection.cut(now);
            connection = after;
        }
        for (Connection left : abandoned) {
            left.cut(now);
        }
        drained.complete(null);
    }

    private void completeWhenDrained() {
        if (live == 0 && nextIndex >= endIndex && !warm) {
            drained.complete(null);
        }
    }

    // ---- what connections ask
    // ---------------------------------------------------------------------------------------------

    void ended(Connection connection, long now) {
        if (connection.listed) {
            unlist(connection);
            pacer.released(now);
            completeWhenDrained();
        }
    }

    void abandoned(Connection connection) {
        abandoned.add(connection);
        ended(connection, System.nanoTime());
    }

    void closeElsewhere(Connection connection, Wire.LingeringClose close) {
        lingerers.execute(() -> {
            long before = System.nanoTime();
            int result = close.close();
            long after = System.nanoTime();
            eventLoop.execute(() -> connection.lingered(before, after, result));
        });
    }

    void record(int member, Metric metric, long beganNanos, long nanos) {
        latencies[phase(beganNanos)].record(member, metric, nanos);
    }

    /**
     * Of the first connections all, then one in sixteen: the answer costs a system call, and the median needs no more. Without a
     * branch: one that is taken at the beginning alone would be compiled away, and back when the recorded part begins.
     */
    boolean asksForRtt(long index) {
        return Math.min(index / RTT_ALL, 1) * (index & (rttOneIn - 1)) == 0;
    }

    void recordRtt(long beganNanos, int micros) {
        if (micros >= 0) {
            latencies[phase(beganNanos)].recordRtt(micros * 1000L);
        }
    }

    /** {@link #RECORDED} or {@link #WARMUP}, by the sign bit: a branch that turns once would be compiled twice. */
    private int phase(long beganNanos) {
        return (int) ((beganNanos - recordFromNanos) >>> 63) * WARMUP;
    }

    void countCause(String call, int errno, long now) {
        plan.causes().count(errno == 0 ? call : call + ": " + Errno.of(errno), now);
    }

    void beginStep() {
        inlineSteps = 0;
    }

    /** Whether a connection may go on at once; otherwise others have their turn first. */
    boolean mayContinueInline() {
        return ++inlineSteps < MAX_INLINE_STEPS;
    }

    long random(long index, int draw) {
        return RandomBits.of(plan.seed(), index, draw);
    }

    MixMember member(int number) {
        return members[number];
    }

    ClientOptions options() {
        return profile.client();
    }

    boolean optimistic() {
        return optimistic;
    }

    boolean holds() {
        return holds;
    }

    boolean isEnding() {
        return ending;
    }

    /** In an open loop response time counts from the schedule; a closed loop has none, so there it counts from the actual start. */
    boolean countsFromIntendedStart() {
        return openLoop;
    }

    Wires wires() {
        return wires;
    }

    Dialogue dialogue() {
        return dialogue;
    }

    DeadlineQueue deadlines() {
        return deadlines;
    }

    Buffer input() {
        return input;
    }

    Buffer output() {
        return output;
    }
}
