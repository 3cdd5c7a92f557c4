package io.tcplab.companion.control;

import io.tcplab.companion.CompanionException;
import io.tcplab.kernel.host.SideFacts;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.observe.Observation;
import io.tcplab.kernel.observe.Observer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Observes one port of a network namespace and keeps the last observations, numbered from 1, for whoever asks later. Works for any server's
 * port. Free for all threads.
 */
public final class ObservationLog implements AutoCloseable {

    /** Ten minutes at the usual 100 ms. */
    private static final int KEPT = 6_000;

    private final Deque<Observation> kept = new ArrayDeque<>();
    private final int port;
    private final @Nullable NetworkNamespace there;
    private long last;
    private @Nullable Observer observer;

    private ObservationLog(int port, @Nullable NetworkNamespace there) {
        this.port = port;
        this.there = there;
    }

    /** As {@link #start(Observer.Settings, NetworkNamespace)}, in the calling thread's network namespace. */
    public static ObservationLog start(Observer.Settings settings) throws CompanionException {
        return start(settings, null);
    }

    /**
     * Starts observing; the first observation is there when this returns.
     *
     * @param there the network namespace, which must live as long; null = the calling thread's
     * @throws CompanionException where the kernel cannot be asked
     */
    public static ObservationLog start(Observer.Settings settings, @Nullable NetworkNamespace there)
            throws CompanionException {
        ObservationLog log = new ObservationLog(settings.port(), there);
        try {
            log.observer =
                    there == null ? Observer.start(settings, log::add) : Observer.startIn(there, settings, log::add);
            return log;
        } catch (IOException | UncheckedIOException refused) {
            throw new CompanionException(
                    "the kernel cannot be observed: " + refused.getMessage()
                            + "; switch it off with --observe-interval 0",
                    refused);
        }
    }

    private synchronized void add(Observation observation) {
        if (kept.size() == KEPT) {
            kept.removeFirst();
        }
        kept.addLast(observation);
        last++;
    }

    /**
     * Those with a number greater than this one, as far as they are kept.
     *
     * @param last the number of the last one: what to ask after next time
     * @param lost how many were asked for and are no longer kept
     * @param port that is observed; 0 when an older companion does not say it
     */
    public record Part(List<Observation> observations, long last, long lost, int port) {
        public Part {
            observations = List.copyOf(observations);
        }
    }

    /** The observations after the number; 0 gives all that are kept. */
    public synchronized Part after(long number) {
        long from = Math.max(0, number);
        long wanted = Math.max(0, last - from);
        int given = (int) Math.min(wanted, kept.size());
        List<Observation> all = new ArrayList<>(kept);
        return new Part(all.subList(all.size() - given, all.size()), last, wanted - given, port);
    }

    /**
     * Observes now, with all states and whatever it costs, and returns when that observation is kept as the last one.
     *
     * @throws UncheckedIOException where the kernel cannot be asked
     */
    public void look() {
        Observer current = observer;
        if (current != null) {
            current.look();
        }
    }

    /**
     * What is set in the namespace that it observes, now.
     *
     * @throws IllegalStateException where the namespace is closed
     */
    public SideFacts side() {
        if (there == null) {
            return SideFacts.read();
        }
        try {
            return there.call(SideFacts::read);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(
                    "the settings of the observed namespace cannot be read: " + e.getMessage(), e);
        }
    }

    /** The last one. */
    synchronized @Nullable Observation latest() {
        return kept.peekLast();
    }

    /** Counters that moved since observing began, by their kernel names. */
    Map<String, Long> countersSinceStart() {
        Observer current = observer;
        return current == null ? Map.of() : current.countersSinceStart();
    }

    @Override
    public void close() {
        Observer current = observer;
        if (current != null) {
            current.close();
        }
    }
}
