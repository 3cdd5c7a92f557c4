package io.tcplab.loadgen.watch;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.observe.Observation;
import io.tcplab.kernel.observe.Observer;
import io.tcplab.loadgen.plan.CannotRun;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Observes the kernel of both sides of a run. Where both live in one namespace, one observer serves both; its counters are then the
 * same for both sides and hold foreign traffic too.
 */
public final class KernelWatch implements AutoCloseable {

    private final List<InetSocketAddress> targets;
    private final boolean serverIsHere;
    private final Settling settling;
    private final SideRecorder client;
    private final @Nullable SideRecorder server;
    private final @Nullable RemoteSide remote;
    private final Consumer<TimelineRow> rows;
    private final Observer clientObserver;
    private final @Nullable Observer serverObserver;

    /** The targets behind the first, each with an observer of its own. */
    private final List<FurtherTarget> further;

    /** When the recorded part begins, once that is known; volatile: observers' threads must see it. */
    private volatile long recordedFromNanos = Long.MAX_VALUE;

    private KernelWatch(
            List<InetSocketAddress> targets,
            Duration interval,
            boolean serverIsHere,
            @Nullable NetworkNamespace serverNamespace,
            @Nullable RemoteSide remote,
            Consumer<TimelineRow> rows)
            throws IOException {
        InetSocketAddress target = targets.getFirst();
        int port = target.getPort();
        this.targets = List.copyOf(targets);
        this.serverIsHere = serverIsHere && serverNamespace == null;
        List<Integer> ports =
                targets.stream().map(InetSocketAddress::getPort).distinct().toList();
        this.settling = new Settling(ports, serverNamespace);
        this.remote = remote;
        this.rows = rows;
        this.client = new SideRecorder(Side.CLIENT, port);
        this.server = serverIsHere || remote != null ? new SideRecorder(Side.SERVER, port) : null;
        Observer.Settings settings =
                new Observer.Settings(port, interval, Observer.DEFAULT_SHARE).forTarget(target.getAddress());
        if (serverNamespace == null) {
            this.clientObserver = Observer.start(settings, serverIsHere ? this::both : this::onClient);
            this.serverObserver = null;
        } else {
            this.serverObserver = Observer.startIn(serverNamespace, settings, this::onServer);
            this.clientObserver = Observer.start(settings, this::onClient);
        }
        this.further = targets.stream()
                .skip(1)
                .map(each -> FurtherTarget.watch(each, interval))
                .toList();
    }

    /**
     * Watches the client's side, and the server's of each target that is in the calling thread's own namespace: on a loopback address. The
     * timeline shows the first target.
     */
    public static KernelWatch of(List<InetSocketAddress> targets, Duration interval, Consumer<TimelineRow> rows)
            throws IOException {
        return new KernelWatch(targets, interval, Whereabouts.isHere(targets.getFirst()), null, null, rows);
    }

    /** Whether the servers of all targets are in the calling thread's namespace; an observer says where it is, but not on loopback. */
    public boolean serversAreHere() {
        return remote == null
                ? serverIsHere && further.stream().allMatch(FurtherTarget::isHere)
                : targets.stream().allMatch(each -> each.getAddress().isLoopbackAddress());
    }

    /**
     * Watches the client's side here; the server's is told by a companion or an observer beside it. It is asked before observing begins
     * here, so that its connection is in nobody's counts.
     */
    public static KernelWatch remote(
            InetSocketAddress target,
            Duration interval,
            Endpoint observe,
            @Nullable String token,
            Consumer<TimelineRow> rows)
            throws IOException, CannotRun {
        RemoteSide remote = RemoteSide.open(observe, token, target);
        KernelWatch watch = new KernelWatch(List.of(target), interval, false, null, remote, rows);
        try {
            remote.begin(watch::onServer);
        } catch (CannotRun e) {
            watch.close();
            throw e;
        }
        return watch;
    }

    /** What the companion that is observed remotely counted meanwhile; {@code null} where there is none. */
    public @Nullable ServerProcess companion() {
        return remote == null ? null : remote.companion();
    }

    /** What the server's side has set, as the remote companion or observer reads it; {@code null} where there is none. */
    public @Nullable SideSettings remoteSide() {
        return remote == null ? null : remote.environment();
    }

    /** How the other host's clock stands to ours; {@code null} when there is none. */
    public @Nullable ClockOffset clockOffset() {
        return remote == null ? null : remote.clockOffset();
    }

    /** Watches a server in its own namespace, and the client in the calling thread's. */
    public static KernelWatch pair(
            InetSocketAddress target, Duration interval, NetworkNamespace server, Consumer<TimelineRow> rows)
            throws IOException {
        return new KernelWatch(List.of(target), interval, true, server, null, rows);
    }

    private void both(Observation observation) {
        onClient(observation);
        if (server != null) {
            onServer(observation);
        }
    }

    private void onClient(Observation observation) {
        add(client, observation);
    }

    private void onServer(Observation observation) {
        if (server != null) {
            add(server, observation);
        }
    }

    private void add(SideRecorder side, Observation observation) {
        side.add(observation);
        // What came before is in the side's figures; the timeline is that of the recorded part.
        if (observation.atNanos() >= recordedFromNanos) {
            rows.accept(side.row(observation, (observation.atNanos() - recordedFromNanos) / 1e9));
        }
    }

    /** Tells when the recorded part begins, so that the timeline counts from there. */
    public void recordedFrom(long nanos) {
        recordedFromNanos = nanos;
    }

    /** Waits until connections have passed through their last states, then takes the last sample of both sides. */
    public KernelFigures finish() {
        settling.await();
        further.forEach(FurtherTarget::finish);
        var _ = clientObserver.finish();
        if (serverObserver != null) {
            var _ = serverObserver.finish();
        }
        if (remote != null) {
            remote.close();
        }
        return new KernelFigures(together(Side.CLIENT), together(Side.SERVER)).inOneNamespace(isOneNamespace());
    }

    /** Whether what is observed of the server is of the client's own namespace. */
    private boolean isOneNamespace() {
        if (server == null || settling.serverNamespace() != null || isElsewhere(server)) {
            return false;
        }
        SideSettings other = remoteSide();
        return remote == null || (other != null && other.isOf(SideSettings.here()));
    }

    /** After {@link #finish}: the server's side of each target, in their order; a place is empty where it was not seen. */
    public List<Optional<SideFigures>> ofTargets() {
        return Stream.concat(
                        Stream.of(Optional.ofNullable(first(Side.SERVER))),
                        further.stream().map(each -> Optional.ofNullable(each.figures(Side.SERVER, recordedFromNanos))))
                .toList();
    }

    private @Nullable SideFigures first(Side side) {
        if (side == Side.CLIENT) {
            return client.figures(recordedFromNanos, null);
        }
        return server == null || isElsewhere(server) ? null : server.figures(recordedFromNanos, partialFromSecond());
    }

    /** A server on an address of this host took neither a connection nor a handshake here: a translation of addresses leads elsewhere. */
    private boolean isElsewhere(SideRecorder seen) {
        if (!serverIsHere) {
            return false;
        }
        SideFigures figures = seen.figures(recordedFromNanos, null);
        return Whereabouts.tookNothing(figures)
                && (!targets.getFirst().getAddress().isLoopbackAddress() || Whereabouts.othersAnswered(figures));
    }

    /** All targets together; nothing where one of them was not seen. */
    private @Nullable SideFigures together(Side side) {
        SideFigures sum = first(side);
        Set<InetSocketAddress> counted = new HashSet<>(Set.of(targets.getFirst()));
        for (FurtherTarget target : further) {
            SideFigures more = target.figures(side, recordedFromNanos);
            sum = sum == null || more == null ? null : sum.with(more, !counted.add(target.target()));
        }
        return sum;
    }

    /** What was seen until now. May be called from any thread, and returns soon. */
    public KernelFigures soFar() {
        return new KernelFigures(
                client.figures(recordedFromNanos, null),
                server == null ? null : server.figures(recordedFromNanos, null));
    }

    /** Since the recorded part began, when the observer of the server's side went away; {@code null} where it saw everything. */
    private @Nullable Double partialFromSecond() {
        OptionalLong lost = remote == null ? OptionalLong.empty() : remote.lostAtNanos();
        return lost.isEmpty() ? null : Math.round((lost.getAsLong() - recordedFromNanos) / 1e6) / 1e3;
    }

    @Override
    public void close() {
        further.forEach(FurtherTarget::close);
        clientObserver.close();
        if (serverObserver != null) {
            serverObserver.close();
        }
        if (remote != null) {
            remote.close();
        }
    }
}
