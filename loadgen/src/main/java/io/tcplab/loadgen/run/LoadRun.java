package io.tcplab.loadgen.run;

import io.tcplab.companion.tls.TlsContext;
import io.tcplab.kernel.syscall.CpuClock;
import io.tcplab.kernel.syscall.DescriptorTable;
import io.tcplab.loadgen.connection.Destination;
import io.tcplab.loadgen.connection.LoadLoop;
import io.tcplab.loadgen.judge.warning.Facts;
import io.tcplab.loadgen.plan.Load;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.Share;
import io.tcplab.loadgen.record.CauseTally;
import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Measurement;
import io.tcplab.loadgen.result.ActionReport;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs a plan's load once: warm-up, recorded part, drain. Event loops are started from the calling thread, so that they live in its
 * network namespace.
 */
public final class LoadRun {

    /** Time from the order to the first connection, so that all loops begin together. */
    private static final long LEAD_NANOS = 2_000_000;

    /**
     * How long before the recorded part the garbage of the start is collected: long enough to catch up with late starts. The first
     * collection finds what the start of the program has left, and halts all loops for 15 ms; later ones take 1 or 2.
     */
    private static final long COLLECT_BEFORE_NANOS = 500_000_000;

    /**
     * How long before its first connection a recorded part without a warm-up is begun, where its start was ordered so far ahead: what that
     * takes would have the CPU when the connection is due, and a thread that is not preempted has it until the next tick.
     */
    private static final long BEGUN_AHEAD_NANOS = 200_000_000;

    private final Profile profile;
    private final LoopCpus cpus;
    private final long seed;
    private final TransportChoice transport;
    private final CauseTally causes = new CauseTally();
    private final LoopGroup loops;
    private final FirstLook firstLook = new FirstLook();
    private final MishapWatch mishaps = new MishapWatch();

    /** Set once there is something to read; volatile: an action's thread marks the counts. */
    private volatile @Nullable Harvest readings;

    /** When the recorded part begins, once that is known; volatile: a key's thread asks. */
    private volatile long recordedFromNanos = Long.MAX_VALUE;

    private boolean interruptedInWarmup;

    LoadRun(Profile profile, InetSocketAddress target, long seed, LoopCpus cpus) {
        this(profile, target, null, seed, cpus);
    }

    /** {@code tls} is given where the profile has it. */
    LoadRun(Profile profile, InetSocketAddress target, TlsContext.@Nullable Client tls, long seed, LoopCpus cpus) {
        this(profile, Share.WHOLE, List.of(new Destination(target, tls)), seed, cpus);
    }

    /** Generates {@code share} of the profile's load; {@code destinations} are those of its targets, or one. */
    LoadRun(Profile profile, Share share, List<Destination> destinations, long seed, LoopCpus cpus) {
        this.profile = profile;
        this.cpus = cpus;
        this.seed = seed;
        this.transport = TransportChoice.of(profile.client());
        DescriptorTable.growAhead();
        this.loops = LoopGroup.of(profile, share, destinations, transport, seed, cpus, causes);
    }

    /** What serves the connections. */
    TransportChoice transport() {
        return transport;
    }

    /** Ends the run early; {@link #execute} returns soon, with what has been measured. May be called from any thread. */
    public void interrupt() {
        loops.interrupt();
    }

    /**
     * Ends the recorded part now, with a whole result of a shorter run; {@code false} where it has not begun, and nothing is done. May be
     * called from any thread.
     */
    boolean endEarly() {
        if (System.nanoTime() < recordedFromNanos) {
            return false;
        }
        loops.endWaiting();
        return true;
    }

    /** Runs, handing over a reading each second; returns when every connection has ended or has been cut. */
    public Measurement execute(Consumer<IntervalReading> eachInterval) {
        return execute(soon(), _ -> {}, eachInterval);
    }

    /** The earliest moment for which a start can be ordered, a {@link System#nanoTime} value. */
    static long soon() {
        return System.nanoTime() + LEAD_NANOS;
    }

    /**
     * As {@link #execute(Consumer)}, from {@code startNanos} on; {@code begins} is told when the recorded part begins. Both are
     * {@link System#nanoTime} values.
     */
    public Measurement execute(long startNanos, LongConsumer begins, Consumer<IntervalReading> eachInterval) {
        long recordFromNanos = startNanos + profile.warmupNanos();
        recordedFromNanos = recordFromNanos;
        begins.accept(recordFromNanos);
        loops.begin(startNanos, recordFromNanos);
        Harvest harvest = new Harvest(
                profile,
                loops.each(),
                recordFromNanos,
                reading -> mishaps.guarded(() -> eachInterval.accept(reading)),
                mishaps::guarded);
        harvest.prepare();
        readings = harvest;
        boolean recordsAtOnce = profile.warmupNanos() < FirstLook.AFTER_NANOS;
        if (!recordsAtOnce) {
            lookWhetherAnythingConnects(harvest, startNanos + FirstLook.AFTER_NANOS);
        }
        warmUpUntil(recordFromNanos);
        RecordedPart recorded = record(harvest, recordFromNanos, recordsAtOnce ? startNanos : Long.MIN_VALUE);
        loops.drain(profile, recorded.interrupted());
        loops.close();
        harvest.end();
        if (isByTheClock()) {
            OtherThreads.compete();
        }
        return recorded.measurement(seed, harvest, causes.read(), profile.tls() == null ? null : loops.tls());
    }

    /** @param beganNanos when the load began, where it is still to be seen whether anything connects */
    private RecordedPart record(Harvest harvest, long recordFromNanos, long beganNanos) {
        Instant startedAt = Instant.now().plusNanos(Math.max(0, recordFromNanos - System.nanoTime()));
        long cpuBefore = CpuClock.processNanos();
        interruptedInWarmup = System.nanoTime() < recordFromNanos && loops.isInterrupted();
        harvest.begin();
        mishaps.begin();
        if (isByTheClock()) {
            OtherThreads.giveWay();
        }
        long length = profile.durationNanos();
        long endNanos = length == Profile.UNLIMITED ? Long.MAX_VALUE : recordFromNanos + length;
        if (beganNanos != Long.MIN_VALUE) {
            lookWhetherAnythingConnects(harvest, Math.min(beganNanos + FirstLook.AFTER_NANOS, endNanos));
        }
        loops.waitUntil(endNanos);
        boolean interrupted = loops.isInterrupted();
        interruptedInWarmup |= interrupted && System.nanoTime() < recordFromNanos;
        harvest.recorded();
        mishaps.end();
        long cpuNanos = CpuClock.processNanos() - cpuBefore;
        long nanos = Math.max(1, System.nanoTime() - recordFromNanos);
        LedgerReading withinTime = harvest.counts().values().stream().reduce(LedgerReading.ZERO, LedgerReading::plus);
        return new RecordedPart(startedAt, recordFromNanos, nanos, cpuNanos, withinTime, interrupted);
    }

    /** Whether starts are due by the clock while other threads may be in the way. */
    private boolean isByTheClock() {
        return profile.load() instanceof Load.Open && profile.warmupNanos() > 0 && !cpus.areOwned();
    }

    private void warmUpUntil(long recordFromNanos) {
        if (cpus.areOwned() && profile.warmupNanos() >= COLLECT_BEFORE_NANOS) {
            loops.waitUntil(recordFromNanos - COLLECT_BEFORE_NANOS);
            System.gc();
        }
        loops.waitUntil(profile.warmupNanos() > 0 ? recordFromNanos : recordFromNanos - BEGUN_AHEAD_NANOS);
    }

    /**
     * To be called before a start is ordered. What is done beside the load is compiled here; and where loops share their CPUs, what the
     * start of the program has left, 40 MB, is collected: the warm-up and a minute of sampling then fit into the young generation. Later,
     * other threads would halt the loops for longer than that takes, and the compiler would have more to do for it.
     */
    void prepare() {
        if (profile.warmupNanos() >= COLLECT_BEFORE_NANOS) {
            HarvestRehearsal.play(profile, loops.each());
            if (!cpus.areOwned()) {
                System.gc();
            }
        }
    }

    /** The counts at this moment, of all members and with the warm-up's. Any thread may ask. */
    ActionReport.Mark mark() {
        Harvest now = readings;
        LedgerReading all = now == null ? LedgerReading.ZERO : now.allCounts();
        return new ActionReport.Mark(
                all,
                causes.read().stream()
                        .collect(Collectors.toUnmodifiableMap(
                                CauseTally.Counted::cause, CauseTally.Counted::count, Long::sum)));
    }

    /** From now on a run whose first connections all fail to connect ends after a second. */
    void endWhereNothingConnects() {
        firstLook.want();
    }

    /** Whether it was ended so. */
    boolean nothingConnected() {
        return firstLook.nothingConnected();
    }

    /** As {@link MishapWatch#broke}. */
    void broke(RuntimeException fault) {
        mishaps.broke(fault);
    }

    /** What went wrong here, beside the load, while it recorded. */
    Facts.Mishaps mishaps(boolean companionLost) {
        return mishaps.seen(companionLost, interruptedInWarmup);
    }

    /** How late the first connection of the latest loop was started; 0 where none was started. */
    long startLateNanos() {
        return loops.each().stream()
                .mapToLong(LoadLoop::firstStartLateNanos)
                .max()
                .orElse(0);
    }

    private void lookWhetherAnythingConnects(Harvest harvest, long whenNanos) {
        if (firstLook.isWanted()) {
            loops.waitUntil(whenNanos);
            if (firstLook.showsNothing(harvest.allCounts())) {
                interrupt();
            }
        }
    }
}
