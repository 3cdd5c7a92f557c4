package io.tcplab.kernel.observe;

import io.tcplab.kernel.counters.CounterSnapshot;
import io.tcplab.kernel.namespace.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Watches one port of one network namespace from a thread of its own and hands on an {@link Observation} at each
 * interval, until it is finished.
 *
 * <p>Every sample has the accept queue, the namespace's totals and the counters; states are counted as often as the
 * budget allows. The consumer runs on the observer's thread and must be quick. Sees the namespace of the thread that
 * starts it; {@link #startIn} is for another one.
 */
public final class Observer implements AutoCloseable {
    /** How often to sample unless told otherwise. */
    public static final Duration DEFAULT_INTERVAL = Duration.ofMillis(100);

    /** The share of one core that sampling may take. */
    public static final double DEFAULT_SHARE = 0.006;

    /**
     * What to watch and how often.
     *
     * @param port the server's port, on whichever side this is
     * @param target the address that clients connect to, so that other listeners of the port and their connections are left out;
     *     absent for all of them
     * @param interval from the begin of one sample to the next, at least 1 ms
     * @param share of one core that sampling may take, more than 0 and at most 1; it bounds how often states are counted
     */
    public record Settings(int port, Optional<InetAddress> target, Duration interval, double share) {
        /** Throws IllegalArgumentException for figures out of range. */
        public Settings {
            if (port < 1 || port > 65_535 || interval.toMillis() < 1 || !(share > 0 && share <= 1)) {
                throw new IllegalArgumentException("cannot observe port " + port + " every " + interval);
            }
        }

        /** A port, whichever address clients connect to. */
        public Settings(int port, Duration interval, double share) {
            this(port, Optional.empty(), interval, share);
        }

        /** The same of one target: the listeners that take connections to this address, and the connections to it, alone. */
        public Settings forTarget(InetAddress address) {
            return new Settings(port, Optional.of(address), interval, share);
        }

        /** A port with the default interval and share. */
        public static Settings of(int port) {
            return new Settings(port, DEFAULT_INTERVAL, DEFAULT_SHARE);
        }
    }

    private final Settings settings;
    private final Consumer<Observation> consumer;
    private final Semaphore wake = new Semaphore(0);
    private final AtomicReference<@Nullable CompletableFuture<Observation>> asked = new AtomicReference<>();
    private final CompletableFuture<Observation> begun = new CompletableFuture<>();
    private final CompletableFuture<Observation> ended = new CompletableFuture<>();

    // Written by whoever ends it; read by the observer's thread.
    private volatile boolean stopped;

    // Written by the observer's thread; read by whoever asks.
    private volatile @Nullable CounterSnapshot first;
    private volatile @Nullable CounterSnapshot last;
    private volatile Optional<String> trouble = Optional.empty();

    private Observer(Settings settings, Consumer<Observation> consumer) {
        this.settings = settings;
        this.consumer = consumer;
    }

    /**
     * Starts watching in the calling thread's namespace, and returns when the first sample is taken, so that counters
     * miss nothing that comes after. Throws UncheckedIOException where the kernel cannot be asked.
     */
    public static Observer start(Settings settings, Consumer<Observation> consumer) {
        Observer observer = new Observer(settings, consumer);
        Thread.ofPlatform().name("observe-" + settings.port()).daemon(true).start(observer::live);
        await(observer.begun);
        return observer;
    }

    /** As {@link #start}, in another namespace. */
    public static Observer startIn(NetworkNamespace namespace, Settings settings, Consumer<Observation> consumer)
            throws IOException {
        try {
            return namespace.call(() -> start(settings, consumer));
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private void live() {
        try (Sampler sampler = new Sampler(settings)) {
            first = sampler.last();
            begun.complete(sample(sampler, true));
            long due = System.nanoTime() + settings.interval().toNanos();
            while (!stopped) {
                if (wake.tryAcquire(due - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    answer(sampler);
                } else {
                    tick(sampler);
                    due = Math.max(due + settings.interval().toNanos(), System.nanoTime());
                }
            }
            ended.complete(sample(sampler, true));
        } catch (InterruptedException | RuntimeException | Error e) {
            // An error, too, as where memory has run out: whoever waits for the end would not hear of it.
            begun.completeExceptionally(e);
            ended.completeExceptionally(e);
        }
    }

    private void answer(Sampler sampler) {
        CompletableFuture<Observation> question = asked.getAndSet(null);
        if (question != null) {
            try {
                question.complete(sample(sampler, true));
            } catch (UncheckedIOException e) {
                trouble = Optional.of(String.valueOf(e.getMessage()));
                question.completeExceptionally(e);
            }
        }
    }

    /** A sample that fails is left out and remembered: one reading less must not end a run. */
    private void tick(Sampler sampler) {
        try {
            sample(sampler, false);
        } catch (UncheckedIOException e) {
            trouble = Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private Observation sample(Sampler sampler, boolean whole) {
        Observation observation = sampler.sample(whole);
        last = sampler.last();
        consumer.accept(observation);
        return observation;
    }

    /** The counters that moved since it was started, up to the last sample. */
    public Map<String, Long> countersSinceStart() {
        CounterSnapshot from = first;
        CounterSnapshot to = last;
        return from == null || to == null ? Map.of() : to.deltaSince(from);
    }

    /** Why a sample was left out, the last time that happened. */
    public Optional<String> trouble() {
        return trouble;
    }

    /**
     * Takes a sample with all states and owners now, whatever it costs, hands it on like the others and returns it. After the
     * end it is the last one. Throws UncheckedIOException where the kernel cannot be asked.
     */
    public Observation look() {
        CompletableFuture<Observation> question = new CompletableFuture<>();
        CompletableFuture<Observation> waiting = asked.compareAndExchange(null, question);
        CompletableFuture<Observation> answer = waiting == null ? question : waiting;
        wake.release();
        return await(answer.applyToEither(ended, Function.identity()));
    }

    /**
     * Takes a last sample with all states, hands it on like the others, and ends the thread. Returns that sample, the
     * same one when called again. Throws what ended the thread before its time.
     */
    public Observation finish() {
        stop();
        return await(ended);
    }

    private void stop() {
        stopped = true;
        wake.release();
    }

    private static Observation await(CompletableFuture<Observation> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** As {@link #finish}, without its result. */
    @Override
    public void close() {
        stop();
        ended.handle((_, _) -> true).join();
    }
}
