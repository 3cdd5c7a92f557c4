package io.tcplab.kernel.cable;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.host.DeviceCounters;
import io.tcplab.kernel.namespace.NamespacePair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A cable of our own between the two namespaces of a pair that was made apart: a thread in the third takes each packet of one side and
 * hands it to the other when it is due, if it is not lost. IPv4 is played on; anything else, such as ARP, passes at once. Offloads of
 * both sides are switched off, so that each segment is one packet.
 *
 * <p>Any thread may call. It needs no program, no device file and nothing of the kernel's traffic control, and is gone with the pair,
 * or when the process ends in any way.
 */
public final class Cable implements AutoCloseable {

    /** Smallest and largest MTU: IPv4's least (RFC 791), and a jumbo frame. */
    public static final int LEAST_MTU = 68;

    public static final int MOST_MTU = 9_000;

    /** What each side may have sent while the cable's thread was not on a CPU: 8,000 packets of an Ethernet. */
    private static final int RING_MEGABYTES = 16;

    private static final int PATIENCE_SECONDS = 10;

    private final NamespacePair pair;
    private final CableLoop loop;
    private final Thread thread;
    private CableSettings settings;

    private Cable(NamespacePair pair, CableLoop loop, Thread thread, CableSettings settings) {
        this.pair = pair;
        this.loop = loop;
        this.thread = thread;
        this.settings = settings;
    }

    /**
     * Begins to carry.
     *
     * @param mtu of both sides' devices
     * @param seed of every random choice
     * @throws IOException that names the call and its errno
     */
    public static Cable begin(NamespacePair pair, CableSettings settings, int mtu, long seed) throws IOException {
        return begin(pair, settings, mtu, seed, RING_MEGABYTES);
    }

    /** As the other, with a ring of this many megabytes of the kernel's memory for each side: for little traffic. */
    public static Cable begin(NamespacePair pair, CableSettings settings, int mtu, long seed, int ringMegabytes)
            throws IOException {
        for (Side side : Side.values()) {
            NamespacePair.ip(pair.middle(), "link set " + pair.cableDevice(side) + " mtu " + mtu);
            NamespacePair.ip(pair.of(side), "link set " + pair.device(side) + " mtu " + mtu);
            in(() -> pair.of(side).call(() -> {
                Offloads.off(pair.device(side));
                return true;
            }));
        }
        return in(() -> pair.middle().call(() -> {
            CableLoop loop = new CableLoop(
                    pair.cableDevice(Side.CLIENT),
                    pair.cableDevice(Side.SERVER),
                    mtu + Frame.ETHERNET_BYTES + 4,
                    ringMegabytes,
                    settings,
                    seed);
            // Born here, the thread is in the third namespace, as its sockets are.
            Thread thread =
                    Thread.ofPlatform().name("tcplab-cable").daemon(true).start(loop::run);
            return new Cable(pair, loop, thread, settings);
        }));
    }

    private interface Work<T> {
        T run() throws Exception;
    }

    private static <T> T in(Work<T> work) throws IOException {
        try {
            return work.run();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the cable cannot be laid: " + e.getMessage(), e);
        }
    }

    /** What it does now. */
    public synchronized CableSettings settings() {
        return settings;
    }

    /** Does something else from now on; what is under way arrives as it was to. */
    public synchronized void change(CableSettings other) {
        settings = other;
        ask(() -> {
            loop.set(other);
            return true;
        });
    }

    /** From now on the n-th segment that is lost by name counts from here. */
    public void countNamedAnew() {
        ask(() -> {
            loop.countNamedAnew();
            return true;
        });
    }

    /** From now on times count from here; counts go on. */
    public void measureAnew() {
        ask(() -> {
            loop.measureAnew();
            return true;
        });
    }

    /** Hands every packet to {@code into}, from now on; null = to nobody any more. */
    public void capture(@Nullable CapturedPackets into) {
        ask(() -> {
            loop.capture(into);
            return true;
        });
    }

    /** What it has counted since it began, and what the kernel dropped before it. Throws UncheckedIOException if unreadable. */
    public CableReading read() {
        CableReading seen = ask(loop::read);
        return seen.withBacklogDrops(sendsDropped(Side.CLIENT), sendsDropped(Side.SERVER));
    }

    private long sendsDropped(Side side) {
        try {
            return in(() -> pair.of(side)
                    .call(() -> DeviceCounters.read(pair.device(side))
                            .map(DeviceCounters::sendsDropped)
                            .orElse(0L)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T> T ask(Supplier<T> work) {
        CompletableFuture<T> answer = loop.ask(work);
        try {
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return answer.join();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the cable does not answer", e);
        }
    }

    /** Carries nothing any more; what is under way is gone. */
    @Override
    public void close() {
        loop.stop();
        try {
            thread.join(PATIENCE_SECONDS * 1_000L);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
