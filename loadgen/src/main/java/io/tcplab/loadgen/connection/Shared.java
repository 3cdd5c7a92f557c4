package io.tcplab.loadgen.connection;

import io.tcplab.loadgen.connection.dialogue.Dialogue;
import io.tcplab.loadgen.connection.wire.Buffer;
import io.tcplab.loadgen.connection.wire.Wires;
import io.tcplab.loadgen.pace.DeadlineQueue;
import io.tcplab.loadgen.pace.RandomBits;
import io.tcplab.loadgen.plan.ClientOptions;
import io.tcplab.loadgen.plan.Load;
import io.tcplab.loadgen.plan.MixMember;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.Quantity;
import io.tcplab.loadgen.plan.Route;
import io.tcplab.loadgen.record.Phase;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What the connections of one event loop share; a connection knows nothing else of its loop. Confined to it. */
final class Shared {

    /** Whom the end of a connection concerns: its slot is free. */
    interface Slots {
        void released(long nowNanos);
    }

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MAX_INLINE_STEPS = 16;
    private static final int MAX_INLINE_TURNS = 64;

    final Wires wires;
    final ClientOptions options;
    final Recording recording;
    final LiveConnections live = new LiveConnections();
    final DeadlineQueue deadlines = new DeadlineQueue();
    final Buffer input = new Buffer(BUFFER_BYTES);
    final Buffer output = new Buffer(BUFFER_BYTES);
    final Lingerers lingerers;
    final Failures failures;
    final Handshake handshake = new Handshake(this);
    final Exchange exchange = new Exchange(this);
    final Pause pause = new Pause(this);
    final Hearing hearing = new Hearing(this);
    final Closing closing = new Closing(this);
    final AnnouncedClose announced = new AnnouncedClose(this);
    final Releasing releasing = new Releasing(this);
    final Ending ending = new Ending(this);

    /** Absent = connections begin with what their protocol says. */
    final @Nullable ProxyHeader proxyHeader;

    /** Absent = connections are not secured. */
    final @Nullable Securing securing;

    /** Absent = each connection's exchanges follow one another. */
    final @Nullable Requests requests;

    final boolean holds;

    /** In an open loop response time counts from the schedule; a closed loop has none, so there it counts from the actual start. */
    final boolean countsFromIntendedStart;

    /** Set once, when connections in progress are to come to their end. */
    boolean finishing;

    /** Whether any connection has been started. */
    boolean hasStarted;

    /** How late the first one was, 0 before; volatile: it is read when the run is over. */
    private volatile long firstLateNanos;

    /** By route: its member, its target and what is spoken there. */
    private final MixMember[] members;

    private final int[] targets;
    private final Dialogue[] dialogues;

    private final Slots slots;
    private final long seed;
    private int inlineSteps;
    private int inlineTurns;

    /** {@code loop} runs what other threads have for the connections. */
    Shared(LoopPlan plan, Wires wires, Executor loop, Slots slots) {
        Profile profile = plan.profile();
        this.wires = wires;
        this.slots = slots;
        this.options = profile.client();
        List<Route> routes = profile.routes();
        this.members =
                routes.stream().map(route -> profile.mix().get(route.member())).toArray(MixMember[]::new);
        this.targets = routes.stream().mapToInt(Route::target).toArray();
        List<InetSocketAddress> addresses =
                plan.destinations().stream().map(Destination::address).toList();
        this.dialogues = routes.stream()
                .map(route -> Dialogue.of(profile, profile.mix().get(route.member()), addresses.get(route.target())))
                .toArray(Dialogue[]::new);
        this.recording = new Recording(members.length, profile.stepNames().size(), options.tcpInfoOneIn());
        this.failures = new Failures(plan.causes());
        this.seed = plan.seed();
        this.requests = profile.load() instanceof Load.Requests load
                ? new Requests(this, load, plan.seed(), plan.number(), plan.loops())
                : null;
        this.holds = profile.load() instanceof Load.Hold;
        this.countsFromIntendedStart = !(profile.load() instanceof Load.Closed);
        this.proxyHeader = options.proxyProtocol() == null ? null : new ProxyHeader(options.proxyProtocol(), addresses);
        this.securing = profile.tls() == null ? null : new Securing(this, profile.tls(), plan.destinations());
        this.lingerers = new Lingerers(loop);
    }

    MixMember member(int route) {
        return members[route];
    }

    int target(int route) {
        return targets[route];
    }

    Dialogue dialogue(int route) {
        return dialogues[route];
    }

    /** Random bits cost 10 ns, and most quantities need none. */
    long draw(Quantity quantity, long index, int draw) {
        return quantity instanceof Quantity.Constant constant
                ? constant.value()
                : quantity.draw(RandomBits.of(seed, index, draw));
    }

    long random(long index, int draw) {
        return RandomBits.of(seed, index, draw);
    }

    /** The first connection calls connect(2) so long after its time. */
    void firstStarts(long lateNanos) {
        hasStarted = true;
        firstLateNanos = lateNanos;
    }

    /** How late the first connection of all was started; 0 before. Any thread may ask. */
    long firstLateNanos() {
        return firstLateNanos;
    }

    void beginStep() {
        inlineSteps = 0;
        inlineTurns = 0;
    }

    /** Whether a connection may go on at once; otherwise others have their turn first. */
    boolean mayContinueInline() {
        return ++inlineSteps < MAX_INLINE_STEPS;
    }

    /** As {@link #mayContinueInline}, with another turn of what it says: each is some calls within those of the last. */
    boolean mayTurnInline() {
        return ++inlineTurns < MAX_INLINE_TURNS;
    }

    void ended(Connection connection, long now) {
        if (live.remove(connection)) {
            if (connection.phase == Phase.ENDED && !connection.awaitsRequest) {
                live.spare(connection);
            }
            slots.released(now);
        }
    }

    void abandoned(Connection connection) {
        live.abandon(connection);
        ended(connection, System.nanoTime());
    }
}
