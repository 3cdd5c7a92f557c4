package io.tcplab.loadgen.rounds;

import io.tcplab.kernel.counters.SocketStat;
import io.tcplab.kernel.host.Limits;
import io.tcplab.loadgen.run.Isolation;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * What earlier rounds left on a host that all rounds share: TIME_WAITs take ports and memory for 60 s. Before a round they are waited for
 * until they are few; in fresh namespaces there are none.
 */
public final class LeftoverWait {

    /** TIME_WAIT lasts 60 s (TCP_TIMEWAIT_LEN, include/net/tcp.h), and its timer's wheel adds up to 2 s. */
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(63);

    /** Fewer than these hinder nobody: the search for a port gets slow when half of them are taken. */
    private static final double FEW = 0.1;

    private static final long LOOK_MILLIS = 200;

    private final boolean shared;
    private final boolean isolable;
    private final long few;
    private final LongSupplier timeWaits;
    private final BooleanSupplier interrupted;
    private long most;
    private long waitedNanos;

    /** Of this host, where the rounds share it; {@code isolable} = they could have had namespaces, since they start their server. */
    public LeftoverWait(Isolation isolation, boolean isolable, BooleanSupplier interrupted) {
        this(
                isolation == Isolation.NONE,
                isolable,
                (long) (Limits.read().ephemeralPorts().orElse(0) * FEW),
                () -> SocketStat.read().timeWait(),
                interrupted);
    }

    LeftoverWait(boolean shared, boolean isolable, long few, LongSupplier timeWaits, BooleanSupplier interrupted) {
        this.shared = shared;
        this.isolable = isolable;
        this.few = few;
        this.timeWaits = timeWaits;
        this.interrupted = interrupted;
    }

    /** Waits before a round until there are few, at most as long as a TIME_WAIT lasts. */
    public void awaitFew() {
        if (!shared) {
            return;
        }
        long begin = System.nanoTime();
        long left = timeWaits.getAsLong();
        while (left > few && System.nanoTime() - begin < LONGEST_NANOS && !interrupted.getAsBoolean()) {
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                break;
            }
            left = timeWaits.getAsLong();
            waitedNanos += LOOK_MILLIS * 1_000_000;
        }
        most = Math.max(most, left);
    }

    /** What a reader must know about it. */
    public List<String> notes() {
        if (!shared) {
            return List.of();
        }
        String waited = waitedNanos == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        " after %.0f s of waiting in all for those of earlier rounds to expire",
                        waitedNanos / 1e9);
        return List.of(String.format(
                Locale.ROOT,
                "all rounds shared this host's network namespace: a round started with up to %,d TIME_WAITs of earlier work%s%s.",
                most,
                waited,
                isolable ? "; --isolate netns gives each round a fresh namespace at once" : ""));
    }
}
