package io.tcplab.loadgen.watch;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.host.SocketOwner;
import io.tcplab.kernel.observe.Observation;
import io.tcplab.kernel.observe.ObservedListener;
import io.tcplab.kernel.sockdiag.ListenerReading;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds one of several listeners of an address (SO_REUSEPORT) that accepts nothing while others do. The kernel does not count what a
 * listener accepts, but it divides what comes by a hash of addresses and ports ({@code reuseport_select_sock},
 * net/core/sock_reuseport.c): to each its even share of Tcp.PassiveOpens. A queue that never becomes shorter, and that grows by about
 * that share, is one from which nothing is accepted. Connections to other ports of the namespace are in that counter too, and can only hide
 * such a time, never make one.
 */
final class WorkerStalls {

    private static final long LEAST_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Connections that would have come to it meanwhile; of fewer it does not show whether some were taken. */
    private static final double FEWEST_DUE = 4;

    /** Where so many are due between two looks, a queue that grows by less than half of them is accepted from. */
    private static final double MANY_DUE = 8;

    /** How far what comes to one of several may be from its share, in standard deviations of a Poisson count. */
    private static final double DEVIATIONS = 3;

    /** The same while the queue has not become shorter again, which would show that it was not a slow one. */
    private static final double DEVIATIONS_UNTIL_IT_ENDS = 1.5;

    /** A worker that goes on empties its queue; one that is merely slow goes on with a long one. */
    private static final int LOOKS_TO_HALVE = 5;

    private final Map<Long, OneWorker> byInode = new HashMap<>();

    void add(Observation observation) {
        long opens = observation.counterDeltas().getOrDefault(KernelCounter.PASSIVE_OPENS.kernelName(), 0L);
        observation.listeners().stream()
                .collect(Collectors.groupingBy(each -> each.socket().address()))
                .values()
                .forEach(workers -> look(observation.atNanos(), workers, opens));
    }

    private void look(long atNanos, List<ObservedListener> workers, long opens) {
        if (workers.size() < 2) {
            byInode.getOrDefault(workers.getFirst().socket().inode(), new OneWorker())
                    .isAlone();
            return;
        }
        double share = opens / (double) workers.size();
        boolean oneIsEmpty = workers.stream().anyMatch(each -> each.socket().acceptQueueLength() == 0);
        for (ObservedListener each : workers) {
            byInode.computeIfAbsent(each.socket().inode(), _ -> new OneWorker()).look(atNanos, each, share, oneIsEmpty);
        }
    }

    /** Who held the listener with this inode in that time; absent where there was none, or that was not seen. */
    @Nullable
    SocketOwner ownerMeanwhile(long inode) {
        OneWorker worker = byInode.get(inode);
        Wait longest = worker == null ? null : worker.longest();
        return longest == null ? null : longest.owner;
    }

    /** The longest time of a second or more in which the listener with this inode accepted next to nothing; absent where there was none. */
    ListenerFigures.@Nullable Stall longest(long inode, long recordedFromNanos) {
        OneWorker worker = byInode.get(inode);
        Wait longest = worker == null ? null : worker.longest();
        return longest == null
                ? null
                : new ListenerFigures.Stall(
                        seconds(longest.fromNanos - recordedFromNanos),
                        seconds(longest.toNanos - recordedFromNanos),
                        longest.queue);
    }

    private static double seconds(long nanos) {
        return Math.round(nanos / 1e6) / 1e3;
    }

    private static final class OneWorker {
        private long queue;
        private @Nullable Wait open;
        private @Nullable Wait ended;
        private int looksToHalve;
        private @Nullable Wait longest;

        /** The others are gone: nothing shows any more what its share is. */
        void isAlone() {
            open = null;
            ended = null;
            queue = 0;
        }

        void look(long atNanos, ObservedListener listener, double due, boolean besideAnEmptyOne) {
            ListenerReading socket = listener.socket();
            long now = socket.acceptQueueLength();
            long grown = now - queue;
            queue = now;
            // What comes to a full queue is dropped, and not counted as established.
            boolean full = socket.acceptQueueLimit() >= 0 && now > socket.acceptQueueLimit();
            boolean wasTakenFrom = grown < 0 || (!full && due >= MANY_DUE && grown < due / 2);
            Wait wait = open;
            if (wait != null && wasTakenFrom) {
                end(wait);
                wait = null;
            }
            isItOver(now);
            if (wait == null) {
                open = now > 0 ? new Wait(atNanos, now) : null;
                return;
            }
            wait.goesOn(atNanos, now, besideAnEmptyOne);
            wait.owner = listener.owner().orElse(wait.owner);
            if (!full) {
                wait.grew(atNanos, grown, due);
            }
        }

        private void end(Wait wait) {
            if (wait.showsAStall(wait.nanos(), DEVIATIONS)) {
                ended = wait;
                looksToHalve = LOOKS_TO_HALVE;
            }
        }

        private void isItOver(long now) {
            Wait wait = ended;
            if (wait == null) {
                return;
            }
            if (now * 2 <= wait.queue) {
                longest = longer(longest, wait);
                ended = null;
            } else if (looksToHalve-- == 0) {
                ended = null;
            }
        }

        @Nullable
        Wait longest() {
            Wait wait = open;
            // From a full queue a slow worker may take some that are replaced before the next look.
            return wait != null && wait.showsAStall(wait.nanosUntilFull(), DEVIATIONS_UNTIL_IT_ENDS)
                    ? longer(longest, wait)
                    : longest;
        }

        private static Wait longer(@Nullable Wait one, Wait other) {
            return one == null || other.nanos() > one.nanos() ? other : one;
        }
    }

    /** A time in which a queue was never empty and never became shorter. */
    private static final class Wait {
        private final long fromNanos;
        private long toNanos;
        private long fullNanos;
        private long queue;
        private long grown;
        private double due;
        private int looks;
        private int looksBesideAnEmptyOne;
        private @Nullable SocketOwner owner;

        Wait(long fromNanos, long queue) {
            this.fromNanos = fromNanos;
            this.toNanos = fromNanos;
            this.fullNanos = fromNanos;
            this.queue = queue;
        }

        void goesOn(long atNanos, long now, boolean besideAnEmptyOne) {
            toNanos = atNanos;
            queue = now;
            looks++;
            looksBesideAnEmptyOne += besideAnEmptyOne ? 1 : 0;
        }

        void grew(long atNanos, long by, double share) {
            fullNanos = atNanos;
            grown += by;
            due += share;
        }

        long nanos() {
            return toNanos - fromNanos;
        }

        long nanosUntilFull() {
            return fullNanos - fromNanos;
        }

        /** A queue that grows by more than its share is one that gets more: a program divides what comes (SO_ATTACH_REUSEPORT_EBPF). */
        boolean showsAStall(long lasted, double deviations) {
            double deviation = Math.sqrt(due);
            return lasted >= LEAST_NANOS
                    && due >= FEWEST_DUE
                    && grown >= Math.max(due / 2, due - deviations * deviation)
                    && grown <= due + DEVIATIONS * (deviation + 1)
                    && looksBesideAnEmptyOne * 2 >= looks;
        }
    }
}
