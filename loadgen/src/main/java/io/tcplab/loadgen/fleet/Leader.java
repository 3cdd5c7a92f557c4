package io.tcplab.loadgen.fleet;

import io.tcplab.kernel.Printable;
import io.tcplab.loadgen.merge.Interval;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.run.Others;
import io.tcplab.loadgen.watch.SideSettings;
import io.tcplab.loadgen.watch.TimelineRow;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The lead as one of its generators knows it. A thread of its own reads what it says and answers questions about the clock at once; another
 * says that this generator is still here. When the lead goes away, what runs is interrupted.
 */
final class Leader implements Others, AutoCloseable {

    /** Before any was reached. */
    static final Leader NOBODY = new Leader(null);

    private final @Nullable MessageStream stream;
    private final CompletableFuture<Message.Prepare> order = new CompletableFuture<>();
    private final CompletableFuture<Long> start = new CompletableFuture<>();
    private final CompletableFuture<Void> finish = new CompletableFuture<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    /** Why it is gone; volatile: the running thread must see it. */
    private volatile @Nullable String goneBecause;

    /** Of the running thread. */
    private Kernels kernels = new Kernels(null, null, 0);

    /** Guarded by this. */
    private Runnable interruption = () -> {};

    private boolean stopped;

    Leader(@Nullable MessageStream stream) {
        this.stream = stream;
    }

    void follow() {
        Thread.ofPlatform().name("lead").daemon(true).start(this::listen);
        Thread.ofPlatform().name("alive").daemon(true).start(this::sayAlive);
    }

    private MessageStream stream() throws IOException {
        if (stream == null) {
            throw new IOException("there is no lead");
        }
        return stream;
    }

    private void listen() {
        try {
            while (!over.isDone()) {
                Message message = stream().read(MessageStream.MOST_BYTES, System.nanoTime() + Heartbeat.SILENCE_NANOS);
                take(message, System.nanoTime());
            }
        } catch (EOFException | SocketException _) {
            goes("it closed the connection");
        } catch (SocketTimeoutException _) {
            goes("it said nothing for " + Heartbeat.SILENCE_SECONDS + " s");
        } catch (IOException | RuntimeException e) {
            goes(Printable.shortLine(String.valueOf(e.getMessage())));
        }
    }

    private void take(Message message, long nowNanos) throws IOException {
        switch (message) {
            case Message.Alive _ -> {} // that it came is what counts
            case Message.Ask(int number) ->
                stream().write(new Message.Clock(number, nowNanos, System.currentTimeMillis()));
            case Message.Prepare asked -> order.complete(asked);
            case Message.Start(long atNanos) -> start.complete(atNanos);
            case Message.Finish _ -> finish.complete(null);
            case Message.Stop _ -> stop();
            case Message.Over _ -> ends();
            case Message.Greeting _,
                    Message.Hello _,
                    Message.Welcome _,
                    Message.Refused _,
                    Message.Ready _,
                    Message.Clock _,
                    Message.Progress _,
                    Message.Seen _,
                    Message.Drained _,
                    Message.Piece _,
                    Message.Done _,
                    Message.Failed _ -> throw new IOException("it says what only a generator says");
        }
    }

    private void sayAlive() {
        if (stream != null) {
            Heartbeat.say(stream, () -> !hasEnded(), () -> {});
        }
    }

    private void goes(String reason) {
        if (over.isDone() || goneBecause != null) {
            return;
        }
        goneBecause = reason;
        close();
        Lost lost = new Lost(reason);
        order.completeExceptionally(lost);
        start.completeExceptionally(lost);
        finish.completeExceptionally(lost);
        over.completeExceptionally(lost);
        stop();
    }

    /** The lead needs nothing more: what it has not asked for until now never comes. */
    private void ends() {
        over.complete(null);
        Lost early = new Lost("the lead ended it");
        order.completeExceptionally(early);
        finish.completeExceptionally(early);
        stop();
    }

    private void stop() {
        Runnable action;
        synchronized (this) {
            stopped = true;
            action = interruption;
        }
        start.completeExceptionally(new Lost("the lead ended it"));
        action.run();
    }

    /** What ends the load early from now on; at once, where the end came before. */
    void interrupts(Runnable action) {
        boolean already;
        synchronized (this) {
            interruption = action;
            already = stopped;
        }
        if (already) {
            action.run();
        }
    }

    /** This generator goes, whatever it is doing. */
    void leave(String reason) {
        fail(reason);
        goes(reason);
    }

    /** Says that nothing comes of it; where the lead is gone nobody hears that. */
    void fail(String sentence) {
        tell(new Message.Failed(sentence));
    }

    private void tell(Message message) {
        try {
            stream().write(message);
        } catch (IOException _) {
            // The listening thread finds out why.
        }
    }

    boolean isGone() {
        return goneBecause != null;
    }

    /** Whether nothing more is to be done for it: it is gone, or needs nothing more. */
    boolean hasEnded() {
        return isGone() || over.isDone();
    }

    CannotRun gone() {
        return new CannotRun("The lead went away (" + goneBecause + "): this generator has stopped.");
    }

    Message.Prepare awaitOrder() throws CannotRun {
        return await(order);
    }

    @Override
    public void looksAt(@Nullable SideSettings server, int port) {
        kernels = Kernels.of(server, port);
    }

    @Override
    public long startNanos() throws CannotRun {
        try {
            stream().write(new Message.Ready(kernels));
        } catch (IOException e) {
            throw new CannotRun("The lead went away before the start: " + e.getMessage() + ".", e);
        }
        return await(start);
    }

    void progress(IntervalReading reading) {
        Message.Progress message = new Message.Progress(Interval.of(reading));
        tell(
                MessageStream.fits(message)
                        ? message
                        : new Message.Progress(message.interval().withoutLatencies()));
    }

    /** What a kernel showed. */
    void saw(TimelineRow row) {
        tell(new Message.Seen(row));
    }

    @Override
    public void drained(long startLateNanos) {
        try {
            stream().write(new Message.Drained(startLateNanos));
            finish.get();
        } catch (IOException | ExecutionException _) {
            // The lead is gone, which ends the run.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until the lead has written everything. */
    void awaitOver() throws CannotRun {
        await(over);
    }

    private <T> T await(CompletableFuture<T> future) throws CannotRun {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw isGone() ? gone() : new CannotRun("The lead ended the load before it began.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotRun("Waiting for the lead was interrupted.", e);
        }
    }

    @Override
    public void close() {
        if (stream != null) {
            stream.close();
        }
    }
}
