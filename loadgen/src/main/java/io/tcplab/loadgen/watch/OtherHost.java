package io.tcplab.loadgen.watch;

import io.tcplab.companion.CompanionException;
import io.tcplab.companion.control.ClockReading;
import io.tcplab.companion.control.ControlClient;
import io.tcplab.companion.control.ObservationLog;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.observe.Observation;
import io.tcplab.kernel.observe.ObservedListener;
import io.tcplab.kernel.sockdiag.ListenerReading;
import io.tcplab.kernel.sockdiag.TargetListeners;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What another host observes, as it would be observed here: on this host's clock, of the target's listeners.
 *
 * <p>The offset of the clocks is taken from the quickest of several questions: the answer was given between question and arrival, so
 * half the round trip bounds the error (NTP's reasoning, RFC 5905 §8).
 */
final class OtherHost {

    private static final int CLOCK_QUESTIONS = 7;

    private final InetAddress target;
    private final OthersDropped othersDropped = new OthersDropped();
    private long offsetNanos;
    private long uncertaintyNanos = Long.MAX_VALUE;

    OtherHost(InetAddress target) {
        this.target = target;
    }

    /** Asks for its clock, some times. */
    void compareClocks(ControlClient client) throws CompanionException {
        for (int i = 0; i < CLOCK_QUESTIONS; i++) {
            long asked = System.nanoTime();
            ClockReading there = client.clock();
            long answered = System.nanoTime();
            if ((answered - asked) / 2 < uncertaintyNanos) {
                uncertaintyNanos = (answered - asked) / 2;
                offsetNanos = there.nanos() - (asked + (answered - asked) / 2);
            }
        }
    }

    /** Its clock minus ours. */
    ClockOffset clockOffset() {
        return new ClockOffset(offsetNanos / 1e3, uncertaintyNanos / 1e3);
    }

    /** A time of its clock by ours. */
    long onOurClock(long thereNanos) {
        return thereNanos - offsetNanos;
    }

    /** Those that take the target's connections; all of the port where none has this address, as behind a translation of addresses. */
    private List<ObservedListener> listenersOfTarget(List<ObservedListener> all) {
        List<ListenerReading> taking =
                TargetListeners.of(all.stream().map(ObservedListener::socket).toList(), target);
        return taking.isEmpty()
                ? all
                : all.stream().filter(each -> taking.contains(each.socket())).toList();
    }

    /** An observation of its own. */
    Observation asHere(Observation there) {
        List<ObservedListener> ofTarget = listenersOfTarget(there.listeners());
        return new Observation(
                onOurClock(there.atNanos()),
                there.wallMillis(),
                ofTarget,
                othersDropped.with(there, ofTarget),
                there.sockets(),
                there.states(),
                there.allStates(),
                there.counterDeltas(),
                there.costNanos());
    }

    /** Takes the connections that we have opened since out of the counter of those that the other kernel accepted: the latest ones. */
    static ObservationLog.Part withoutOurs(ObservationLog.Part part, long ours) {
        List<Observation> observations = new ArrayList<>(part.observations());
        String counter = KernelCounter.PASSIVE_OPENS.kernelName();
        long left = ours;
        for (int i = observations.size() - 1; i > 0 && left > 0; i--) {
            Observation seen = observations.get(i);
            long counted = Math.min(left, seen.counterDeltas().getOrDefault(counter, 0L));
            if (counted > 0) {
                Map<String, Long> deltas = new LinkedHashMap<>(seen.counterDeltas());
                deltas.merge(counter, -counted, Long::sum);
                observations.set(i, seen.withCounterDeltas(deltas));
                left -= counted;
            }
        }
        return new ObservationLog.Part(observations, part.last(), part.lost(), part.port());
    }
}
