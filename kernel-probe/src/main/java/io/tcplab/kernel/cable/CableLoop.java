package io.tcplab.kernel.cable;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.FastCalls;
import io.tcplab.kernel.syscall.Syscalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The thread that carries packets from one end to the other. It takes what arrives at once, sleeps until shortly before the next is
 * due, and then looks at the clock until it is. Only {@link #ask} and {@link #stop} may be called by other threads.
 */
final class CableLoop {

    /** How long before a packet is due it is awake: what a wake-up from a timer takes. */
    private static final long AWAKE_BEFORE_NANOS = 60_000;

    private static final long LONGEST_SLEEP_NANOS = 100_000_000;
    private static final int TAKEN_AT_ONCE = 128;
    private static final int MOST_UNDER_WAY = 1 << 17;
    private static final int EPOLLIN = 1;
    private static final int EVENTS = 4;
    private static final int THREAD_CPU_CLOCK = 3;

    private final FastCalls calls = new FastCalls();
    private final PacketSocket[] ends = new PacketSocket[2];
    private final Path[] paths = new Path[2];
    private final DueQueue[] queues = {new DueQueue(), new DueQueue()};
    private final PacketStore store;
    private final Flows flows = new Flows();
    private final Frame frame = new Frame();
    private final Lateness late = new Lateness();
    private final Delivery delivery;
    private final StampClock stamps = new StampClock();
    private final MemorySegment events = Arena.ofAuto().allocate((long) EVENTS * FastCalls.EPOLL_EVENT_BYTES, 8);
    private final int epoll;
    private final int bell;

    /** Whether the bell is given back, and its number another's by now; guarded by {@link #questions}. */
    private boolean over;

    private final ConcurrentLinkedQueue<Runnable> questions = new ConcurrentLinkedQueue<>();

    private @Nullable CapturedPackets capture;

    /** Written by {@link #stop}; volatile: the loop must see it. */
    private volatile boolean stopped;

    /** Opens everything in the calling thread's namespace; throws IOException with the call and errno. */
    CableLoop(
            String clientDevice,
            String serverDevice,
            int mostBytes,
            int ringMegabytes,
            CableSettings settings,
            long seed)
            throws IOException {
        store = new PacketStore(Integer.highestOneBit(mostBytes - 1) << 1, MOST_UNDER_WAY);
        delivery = new Delivery(store, late);
        ends[0] = new PacketSocket(clientDevice, mostBytes, ringMegabytes, calls);
        try {
            ends[1] = new PacketSocket(serverDevice, mostBytes, ringMegabytes, calls);
        } catch (IOException e) {
            ends[0].close();
            throw e;
        }
        for (Side side : Side.values()) {
            paths[side.ordinal()] = new Path(side, seed);
        }
        epoll = calls.epollCreate();
        bell = calls.eventFd();
        calls.epollAdd(epoll, ends[0].fd(), EPOLLIN);
        calls.epollAdd(epoll, ends[1].fd(), EPOLLIN);
        calls.epollAdd(epoll, bell, EPOLLIN);
        set(settings);
    }

    /** Runs until it is stopped, and then gives everything back. */
    void run() {
        calls.wakeOnTime();
        // Refused without CAP_SYS_NICE: then it is as late as any thread of a busy machine.
        int _ = calls.runAhead();
        stamps.compare(System.nanoTime());
        try {
            while (!stopped) {
                turn();
            }
            answer();
        } finally {
            ends[0].close();
            ends[1].close();
            Errno.ofResult(Syscalls.close(epoll));
            synchronized (questions) {
                over = true;
                Errno.ofResult(Syscalls.close(bell));
            }
            store.close();
        }
    }

    private void turn() {
        answer();
        int taken = take(Side.CLIENT) + take(Side.SERVER);
        long now = System.nanoTime();
        stamps.compareWhereDue(now);
        int sent = deliver(Side.CLIENT, now) + deliver(Side.SERVER, now);
        if (taken + sent == 0) {
            await(now);
        }
    }

    private void await(long now) {
        long due = Math.min(queues[0].firstDue(), queues[1].firstDue());
        long left = due == Long.MAX_VALUE ? LONGEST_SLEEP_NANOS : due - now;
        if (left > AWAKE_BEFORE_NANOS) {
            long sleep = Math.min(left - AWAKE_BEFORE_NANOS, LONGEST_SLEEP_NANOS);
            int ready = calls.epollWait(epoll, events, EVENTS, sleep);
            for (int i = 0; i < ready; i++) {
                if (calls.eventDescriptor(events, i) == bell) {
                    calls.drain(bell);
                }
            }
        } else {
            Thread.onSpinWait();
        }
    }

    private int deliver(Side from, long now) {
        int number = from.ordinal();
        return delivery.deliver(queues[number], ends[1 - number], paths[number], now);
    }

    private int take(Side from) {
        PacketSocket end = ends[from.ordinal()];
        int taken = 0;
        while (taken < TAKEN_AT_ONCE && end.hasFrame()) {
            int length = end.frameLength();
            if (length > 0 && length <= store.slotBytes()) {
                arrive(from, end, length);
            } else {
                paths[from.ordinal()].drop(DropReason.SEND, false);
            }
            end.done();
            taken++;
        }
        return taken;
    }

    private void arrive(Side from, PacketSocket end, int length) {
        Path path = paths[from.ordinal()];
        MemorySegment ring = end.ring();
        long at = end.frameOffset();
        frame.look(ring, at, length);
        if (!frame.isIp()) {
            long now = System.nanoTime();
            keep(from, ring, at, length, now, now, PacketStore.NOT_TCP);
            return;
        }
        DropReason lost = null;
        byte kind = PacketStore.NOT_TCP;
        if (frame.isTcp()) {
            kind = (byte) frame.kind().ordinal();
            lost = path.isLostByName(frame, flows) ? DropReason.NAMED : null;
        } else {
            path.countOther();
        }
        long real = end.frameRealNanos();
        long arrived = stamps.arrivedNanos(real);
        if (lost == null && path.isLostByChance()) {
            lost = DropReason.LOSS;
        }
        int copies = lost == null && path.isDuplicated() ? 2 : 1;
        for (int i = 0; i < copies && lost == null; i++) {
            long due = path.due(arrived, length);
            lost = due == Path.LOST
                    ? DropReason.QUEUE
                    : keep(from, ring, at, length, arrived, due, kind) ? null : DropReason.MEMORY;
        }
        if (lost != null) {
            path.drop(lost, kind != PacketStore.NOT_TCP);
        }
        CapturedPackets capturing = capture;
        if (capturing != null) {
            capturing.take(from, real, ring, at, length, lost);
        }
    }

    private boolean keep(Side from, MemorySegment ring, long at, int length, long arrived, long due, byte kind) {
        int slot = store.keep(ring, at, length, arrived, kind);
        if (slot == PacketStore.FULL) {
            return false;
        }
        queues[from.ordinal()].add(due, slot);
        return true;
    }

    private void answer() {
        Runnable question = questions.poll();
        while (question != null) {
            // What had arrived before the question was asked belongs to the settings and counts before it.
            int _ = take(Side.CLIENT) + take(Side.SERVER);
            question.run();
            question = questions.poll();
        }
    }

    /** Has the loop's thread do this; the future has what came of it. */
    <T> CompletableFuture<T> ask(Supplier<T> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        questions.add(() -> answer.complete(work.get()));
        ring();
        return answer;
    }

    void stop() {
        stopped = true;
        ring();
    }

    private void ring() {
        synchronized (questions) {
            if (!over) {
                new FastCalls().signal(bell);
            }
        }
    }

    /** On the loop's thread. */
    final void set(CableSettings settings) {
        if (settings.lose().stream().anyMatch(NamedLoss::perConnection)) {
            flows.countNamedInEach(settings.lose().size());
        }
        for (Path path : paths) {
            path.set(settings);
        }
    }

    /** On the loop's thread. */
    void capture(@Nullable CapturedPackets into) {
        capture = into;
    }

    /** On the loop's thread: times that were measured before are forgotten. */
    void measureAnew() {
        late.clear();
        for (Path path : paths) {
            path.under.clear();
        }
    }

    /** On the loop's thread: what is n-th counts from now. */
    void countNamedAnew() {
        for (Path path : paths) {
            path.countNamedAnew();
        }
    }

    /** On the loop's thread. */
    CableReading read() {
        CapturedPackets capturing = capture;
        if (capturing != null) {
            capturing.counted();
        }
        paths[0].dropUnseen(ends[0].takeDropped());
        paths[1].dropUnseen(ends[1].takeDropped());
        return new CableReading(
                paths[0].read(),
                paths[1].read(),
                late.percentile(0.5),
                late.percentile(0.99),
                late.percentile(1),
                queues[0].size() + queues[1].size(),
                calls.cpuNanos(THREAD_CPU_CLOCK));
    }
}
