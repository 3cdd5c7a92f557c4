package io.tcplab.loadgen.run;

import io.tcplab.kernel.namespace.DroppedSegments;
import io.tcplab.kernel.namespace.DroppedSegments.Direction;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.namespace.Programs;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Fault;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Drops segments on the server's side of the cable at the times that the profile names, by nft(8) in the server's namespace, with which
 * the rules go. What nft says when it fails is thrown when this is closed.
 */
final class FaultyCable implements AutoCloseable {

    private final List<Fault> faults;
    private final NetworkNamespace server;
    private final Map<Integer, DroppedSegments> dropping = new HashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon(true).name("faults").factory());

    /** Set by the clock's thread; volatile: the thread that closes must see it. */
    private volatile @Nullable IOException failure;

    /** Faults from 0 on begin now, before there is any load. */
    FaultyCable(List<Fault> faults, NetworkNamespace server) throws IOException {
        this.faults = faults;
        this.server = server;
        for (int i = 0; i < faults.size(); i++) {
            if (faults.get(i).fromNanos() == 0) {
                begin(i);
            }
        }
    }

    /** Whether there can be faults at all. */
    static void check(Isolation isolation, boolean foreignTarget) throws CannotRun {
        if (foreignTarget) {
            throw new CannotRun("faults need an isolated network, which no target of yours is in: take the faults out,"
                    + " or the target.");
        }
        if (isolation != Isolation.NETNS) {
            throw new CannotRun("faults need an isolated network: add --isolate netns.");
        }
        if (Programs.find("nft").isEmpty()) {
            throw new CannotRun("faults need the program nft, which is missing: install nftables.");
        }
    }

    /** Sets the clock; {@code nanos} is the {@link System#nanoTime} value at which the recorded part begins. */
    void recordedFrom(long nanos) {
        for (int i = 0; i < faults.size(); i++) {
            int number = i;
            Fault fault = faults.get(i);
            if (fault.fromNanos() > 0) {
                at(nanos + fault.fromNanos(), () -> begin(number));
            }
            if (fault.untilNanos() != Fault.NEVER) {
                at(nanos + fault.untilNanos(), () -> end(number));
            }
        }
    }

    private interface Change {
        void apply() throws IOException;
    }

    private void at(long nanos, Change change) {
        var _ = clock.schedule(() -> apply(change), nanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void apply(Change change) {
        try {
            change.apply();
        } catch (IOException e) {
            failure = new IOException("nft cannot drop segments: " + e.getMessage(), e);
        }
    }

    private synchronized void begin(int number) throws IOException {
        String name = "tcplab" + number;
        dropping.put(
                number,
                switch (faults.get(number).drop()) {
                    case ACKS ->
                        DroppedSegments.begin(
                                server, name, List.of(Direction.ARRIVING), List.of(DroppedSegments.PURE_ACKS));
                    case EVERYTHING ->
                        DroppedSegments.begin(
                                server, name, List.of(Direction.values()), List.of(DroppedSegments.EVERY_SEGMENT));
                });
    }

    private synchronized void end(int number) throws IOException {
        DroppedSegments dropped = dropping.remove(number);
        if (dropped != null) {
            dropped.close();
        }
    }

    @Override
    public void close() throws IOException {
        clock.shutdownNow();
        IOException reason = failure;
        if (reason != null) {
            throw reason;
        }
    }
}
