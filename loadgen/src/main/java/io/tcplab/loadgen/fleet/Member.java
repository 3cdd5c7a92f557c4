package io.tcplab.loadgen.fleet;

import io.tcplab.kernel.Printable;
import io.tcplab.loadgen.merge.Interval;
import io.tcplab.loadgen.merge.Octets;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.watch.TimelineRow;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A generator as its lead knows it. What it says is read by a thread of its own, and what it comes to completes the futures: each with
 * {@link Lost} when the generator is lost before.
 */
final class Member implements AutoCloseable {

    /** What a member's progress goes to. */
    interface Listener {
        void progressed(Member member, Interval interval);

        void saw(Member member, TimelineRow row);

        void lost(Member member);

        /** {@code sentence} goes on where the member's name ends. */
        void noticed(Member member, String sentence);
    }

    final CompletableFuture<Void> ready = new CompletableFuture<>();
    final CompletableFuture<Void> drained = new CompletableFuture<>();
    final CompletableFuture<Void> done = new CompletableFuture<>();
    final MemberClock clock = new MemberClock();

    private final MessageStream stream;
    private final Machine machine;
    private final String group;
    private final Listener listener;
    private final long joinedNanos = System.nanoTime();

    /** Its place among all, and in its group; set before it is asked for anything. */
    private int number;

    private @Nullable ReceivedFiles files;
    private volatile @Nullable String lostBecause;
    private volatile boolean closed;
    private volatile long lostNanos;

    /** When it last said something; volatile: two threads. */
    private volatile long heardNanos = System.nanoTime();

    /** Whether that is long ago; of the thread that says that the lead is there. */
    private boolean silent;

    private volatile long startLateNanos;
    private volatile LedgerReading counted = LedgerReading.ZERO;
    private volatile Kernels kernels = new Kernels(null, null, 0);

    Member(Reception.Guest guest, Listener listener) {
        this.stream = guest.stream();
        this.machine = guest.machine();
        this.group = guest.group();
        this.listener = listener;
    }

    /** From now on it is listened to, and hears that the lead is there. */
    void follow() {
        Thread.ofVirtual().name("member").start(this::listen);
        Thread.ofPlatform().name("member-alive").daemon(true).start(this::sayAlive);
    }

    void isNumber(int place) {
        number = place;
    }

    private void listen() {
        try {
            while (!done.isDone()) {
                Message message = stream.read(MessageStream.MOST_BYTES, System.nanoTime() + Heartbeat.SILENCE_NANOS);
                long nowNanos = System.nanoTime();
                heardNanos = nowNanos;
                take(message, nowNanos);
            }
        } catch (EOFException | SocketException _) {
            lose("its connection ended: its process or its machine is gone");
        } catch (SocketTimeoutException _) {
            lose("it said nothing for " + Heartbeat.SILENCE_SECONDS + " s: it hangs, or cannot be reached");
        } catch (IOException | RuntimeException e) {
            lose(Printable.shortLine(String.valueOf(e.getMessage())));
        }
    }

    private void take(Message message, long nowNanos) throws IOException {
        switch (message) {
            case Message.Alive _ -> {} // that it came is what counts
            case Message.Clock there -> clock.answered(there, nowNanos);
            case Message.Ready(Kernels seen) -> {
                kernels = Objects.requireNonNull(seen);
                ready.complete(null);
            }
            case Message.Progress(Interval interval) -> {
                counted = counted.plus(interval.total());
                listener.progressed(this, interval);
            }
            case Message.Seen(TimelineRow row) -> listener.saw(this, row);
            case Message.Drained(long late) -> {
                startLateNanos = late;
                drained.complete(null);
            }
            case Message.Piece(String file, Octets octets) -> received().append(file, octets.bytes());
            case Message.Done _ -> {
                received().finish();
                done.complete(null);
            }
            case Message.Failed(String sentence) ->
                lose(Printable.shortLine(sentence).replaceFirst("\\.$", ""));
            case Message.Greeting _,
                    Message.Hello _,
                    Message.Welcome _,
                    Message.Refused _,
                    Message.Prepare _,
                    Message.Ask _,
                    Message.Start _,
                    Message.Finish _,
                    Message.Stop _,
                    Message.Over _ -> throw new IOException("it says what only a lead says");
        }
    }

    private ReceivedFiles received() throws IOException {
        ReceivedFiles open = files;
        if (open == null) {
            throw new IOException("it sends a result before it was asked");
        }
        return open;
    }

    private void sayAlive() {
        Heartbeat.say(stream, () -> lostBecause == null && !closed, this::noticeSilence);
    }

    /** Reports where a long silence begins and where it ends. */
    private void noticeSilence() {
        boolean already = silent;
        silent = System.nanoTime() - heardNanos > Heartbeat.LONG_SILENCE_NANOS && !done.isDone();
        if (silent && !already) {
            listener.noticed(
                    this,
                    "has said nothing for " + Heartbeat.LONG_SILENCE_SECONDS + " s: it is given up after "
                            + Heartbeat.SILENCE_SECONDS + " s");
        } else if (already && !silent && !done.isDone()) {
            listener.noticed(this, "is heard again");
        }
    }

    /** It is not counted on any more. */
    void lose(String sentence) {
        synchronized (this) {
            if (lostBecause != null || done.isDone() || closed) {
                return;
            }
            lostNanos = System.nanoTime();
            lostBecause = sentence;
        }
        stream.close();
        Lost lost = new Lost(sentence);
        ready.completeExceptionally(lost);
        drained.completeExceptionally(lost);
        done.completeExceptionally(lost);
        clock.lose(lost);
        listener.lost(this);
    }

    /** Sends; where that fails the member is lost. */
    void tell(Message message) {
        try {
            stream.write(message);
        } catch (IOException e) {
            lose("it cannot be written to: " + e.getMessage());
        }
    }

    /** Its result goes into this directory. */
    void receivesInto(Path directory) throws IOException {
        files = ReceivedFiles.into(directory);
    }

    long startLateNanos() {
        return startLateNanos;
    }

    /** What it has said to have counted, second by second. */
    LedgerReading counted() {
        return counted;
    }

    /** Why it is lost; null where it is not. */
    @Nullable
    String lostBecause() {
        return lostBecause;
    }

    long lostNanos() {
        return lostNanos;
    }

    long joinedNanos() {
        return joinedNanos;
    }

    /** Those that it looks at; unknown before it is ready. */
    Kernels kernels() {
        return kernels;
    }

    Machine machine() {
        return machine;
    }

    /** Empty where it named none. */
    String group() {
        return group;
    }

    int number() {
        return number;
    }

    /** As it is called in sentences. */
    String name() {
        String of = group.isEmpty() ? "" : group + ", ";
        return "generator " + number + " (" + of + machine.host() + ", process " + machine.pid() + ")";
    }

    /** Lets it go: it is not lost by that. */
    @Override
    public void close() {
        closed = true;
        ReceivedFiles open = files;
        if (open != null) {
            open.close();
        }
        stream.close();
    }
}
