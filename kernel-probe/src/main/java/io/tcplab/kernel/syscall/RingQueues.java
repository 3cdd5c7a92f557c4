package io.tcplab.kernel.syscall;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The two queues of an io_uring(7) of one thread: operations are staged in memory that the kernel reads, and one io_uring_enter(2) begins
 * all of them, in the order in which they were staged; completions come back by the other. The operations are {@link Ring}'s.
 *
 * <p>What the kernel has to do for an operation later it does while this thread is in {@link #submit} or {@link #await}, and at no other
 * time (IORING_SETUP_DEFER_TASKRUN). Each operation carries a tag, which its completion has again. Everything but the constructor belongs
 * to the thread that has called {@link #enable}. Layouts and numbers are those of linux/io_uring.h.
 */
public abstract sealed class RingQueues implements AutoCloseable permits Ring {

    private static final int SETUP_CQSIZE = 1 << 3;
    private static final int SETUP_DISABLED = 1 << 6;
    private static final int SETUP_SUBMIT_ALL = 1 << 7;
    private static final int SETUP_TASKRUN_FLAG = 1 << 9;
    private static final int SETUP_SINGLE_ISSUER = 1 << 12;
    private static final int SETUP_DEFER_TASKRUN = 1 << 13;
    private static final int SETUP_NO_SQARRAY = 1 << 16;
    private static final int SETUP = SETUP_CQSIZE
            | SETUP_DISABLED
            | SETUP_SUBMIT_ALL
            | SETUP_TASKRUN_FLAG
            | SETUP_SINGLE_ISSUER
            | SETUP_DEFER_TASKRUN
            | SETUP_NO_SQARRAY;

    private static final int PARAMS_BYTES = 120;
    private static final long SQES_OFFSET = 0x1000_0000L;
    static final int SQE_BYTES = 64;
    private static final int CQE_BYTES = 16;

    private static final int ENTER_GETEVENTS = 1;
    private static final int ENTER_EXT_ARG = 1 << 3;
    private static final int ENTER_REGISTERED = 1 << 4;
    private static final int EXT_ARG_BYTES = 24;

    private static final int REGISTER_ENABLE = 12;
    private static final int REGISTER_RING = 20;
    private static final int UNREGISTER_RING = 21;
    private static final int REGISTER_BUFFERS = 22;
    private static final int ANY_PLACE = -1;
    private static final int NO_PLACE = -1;

    private static final int SQ_OVERFLOW = 1 << 1;
    private static final int SQ_WORK = SQ_OVERFLOW | 1 << 2; // TASKRUN
    private static final VarHandle INT = JAVA_INT.varHandle();

    private final int descriptor;
    private final int entries;
    private final MemorySegment errno = Downcall.newState();
    private final MemorySegment argument = Arena.ofAuto().allocate(EXT_ARG_BYTES + 16, 8);
    private final MemorySegment shared;
    final MemorySegment sqes;
    private final long sqTail;
    private final long sqFlags;
    private final long cqHead;
    private final long cqTail;
    private final long cqes;
    final int sqMask;
    private final int cqMask;

    /** Where the kernel keeps this ring for the thread, which saves the way by the process's table of descriptors at each call. */
    private int place = NO_PLACE;

    private int entered;
    private int enterFlags = ENTER_GETEVENTS;
    int tail;
    private int submitted;
    private int head;

    /**
     * A ring for {@code entries} staged operations and {@code completions} that have not been taken, each a power of two. Throws
     * {@link RingRefused} where the kernel does not give it.
     */
    RingQueues(int entries, int completions) throws RingRefused {
        MemorySegment params = Arena.ofAuto().allocate(PARAMS_BYTES, 8);
        params.set(JAVA_INT, 4, completions);
        params.set(JAVA_INT, 8, SETUP);
        descriptor = (int) Downcall.any(errno, SyscallNumber.IO_URING_SETUP, entries, params.address(), 0, 0, 0, 0);
        if (descriptor < 0) {
            throw RingRefused.ofSetup(Errno.ofResult(descriptor));
        }
        entered = descriptor;
        this.entries = params.get(JAVA_INT, 0);
        int sq = 40;
        int cq = 80;
        cqes = params.get(JAVA_INT, cq + 20);
        try {
            shared = RingMemory.map(descriptor, 0, cqes + (long) params.get(JAVA_INT, 4) * CQE_BYTES);
            sqes = RingMemory.map(descriptor, SQES_OFFSET, (long) this.entries * SQE_BYTES);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        sqTail = params.get(JAVA_INT, sq + 4);
        sqMask = shared.get(JAVA_INT, params.get(JAVA_INT, sq + 8));
        sqFlags = params.get(JAVA_INT, sq + 16);
        cqHead = params.get(JAVA_INT, cq);
        cqTail = params.get(JAVA_INT, cq + 4);
        cqMask = shared.get(JAVA_INT, params.get(JAVA_INT, cq + 8));
    }

    final long register(int operation, long address, int count) {
        return Downcall.any(errno, SyscallNumber.IO_URING_REGISTER, descriptor, operation, address, count, 0, 0);
    }

    /** Makes the ring the calling thread's. Throws IllegalStateException where the kernel refuses. */
    public final void enable() {
        long result = register(REGISTER_ENABLE, 0, 0);
        if (result < 0) {
            throw new IllegalStateException("io_uring_register(ENABLE_RINGS): " + Errno.ofResult(result));
        }
        MemorySegment request = ringUpdate(ANY_PLACE, descriptor);
        if (register(REGISTER_RING, request.address(), 1) == 1) { // refused where the thread has 16 already
            place = request.get(JAVA_INT, 0);
            entered = place;
            enterFlags = ENTER_GETEVENTS | ENTER_REGISTERED;
        }
    }

    /** A struct io_uring_rsrc_update. */
    private static MemorySegment ringUpdate(int place, long data) {
        MemorySegment update = Arena.ofAuto().allocate(16, 8);
        update.set(JAVA_INT, 0, place);
        update.set(JAVA_LONG, 8, data);
        return update;
    }

    /** Has {@link Ring#receive} receive into {@code buffers}. Throws IllegalStateException where the kernel refuses. */
    public final void register(RingBuffers buffers) {
        MemorySegment request = Arena.ofAuto().allocate(40, 8);
        request.set(JAVA_LONG, 0, buffers.ringAddress());
        request.set(JAVA_INT, 8, buffers.count());
        long result = register(REGISTER_BUFFERS, request.address(), 1);
        if (result < 0) {
            throw new IllegalStateException("io_uring_register(PBUF_RING): " + Errno.ofResult(result));
        }
    }

    /** Returns where a new operation is to be laid out, all zero but for what is given. */
    final long stage(int operation, int flags, int fd, long tag) {
        if (tail - submitted == entries) {
            submit();
        }
        long at = (long) (tail & sqMask) * SQE_BYTES;
        tail++;
        sqes.set(JAVA_LONG, at, operation | flags << 8 | (long) fd << 32);
        sqes.set(JAVA_LONG, at + 8, 0);
        sqes.set(JAVA_LONG, at + 16, 0);
        sqes.set(JAVA_LONG, at + 24, 0);
        sqes.set(JAVA_LONG, at + 32, tag);
        sqes.set(JAVA_LONG, at + 40, 0);
        sqes.set(JAVA_LONG, at + 48, 0);
        sqes.set(JAVA_LONG, at + 56, 0);
        return at;
    }

    /** How many operations the kernel has not seen yet. */
    public final int staged() {
        return tail - submitted;
    }

    /** Whether the kernel has something to do or to tell in the next {@link #submit}. */
    public final boolean hasWork() {
        return ((int) INT.getOpaque(shared, sqFlags) & SQ_WORK) != 0;
    }

    /** Whether the kernel keeps completions for which there was no place, until the next {@link #submit}. */
    public final boolean keepsCompletions() {
        return ((int) INT.getOpaque(shared, sqFlags) & SQ_OVERFLOW) != 0;
    }

    /** Begins what is staged and does what is due, without waiting. Throws IllegalStateException where the kernel refuses. */
    public final void submit() {
        int count = publish();
        taken(Downcall.quick(errno, SyscallNumber.IO_URING_ENTER, entered, count, 0, enterFlags, 0, 0));
    }

    /** As {@link #submit}, and waits at most {@code nanos} for a completion. */
    public final void await(long nanos) {
        int count = publish();
        argument.set(JAVA_LONG, 16, argument.address() + EXT_ARG_BYTES);
        argument.set(JAVA_LONG, EXT_ARG_BYTES, nanos / 1_000_000_000L);
        argument.set(JAVA_LONG, EXT_ARG_BYTES + 8, nanos % 1_000_000_000L);
        taken(Downcall.any(
                errno,
                SyscallNumber.IO_URING_ENTER,
                entered,
                count,
                1,
                enterFlags | ENTER_EXT_ARG,
                argument.address(),
                EXT_ARG_BYTES));
    }

    private int publish() {
        INT.setRelease(shared, sqTail, tail);
        return tail - submitted;
    }

    /** A wait that ends for lack of time or by a signal has begun nothing. */
    private void taken(long result) {
        if (result >= 0) {
            submitted += (int) result;
        } else if (result != -Errno.ETIME.number() && result != -Errno.EINTR.number()) {
            throw new IllegalStateException("io_uring_enter: " + Errno.ofResult(result));
        }
    }

    /** Whether there is a completion to be read; it lasts until {@link #advance}. */
    public final boolean hasCompletion() {
        return (int) INT.getAcquire(shared, cqTail) != head;
    }

    private long completion() {
        return cqes + (long) (head & cqMask) * CQE_BYTES;
    }

    /** The tag of the operation. */
    public final long tag() {
        return shared.get(JAVA_LONG, completion());
    }

    /** What its system call would return: a value or a negative errno. */
    public final int result() {
        return shared.get(JAVA_INT, completion() + 8);
    }

    /** {@link Ring#CQE_BUFFER}, {@link Ring#CQE_MORE}, {@link Ring#CQE_NOT_EMPTY}. */
    public final int flags() {
        return shared.get(JAVA_INT, completion() + 12);
    }

    /** Gives the completion's place back. */
    public final void advance() {
        INT.setRelease(shared, cqHead, ++head);
    }

    /** What is still in progress is given up. */
    @Override
    public final void close() {
        if (place != NO_PLACE) {
            // What is registered would keep the ring until the thread ends.
            long _ = register(UNREGISTER_RING, ringUpdate(place, 0).address(), 1);
        }
        long ignored = Downcall.any(errno, SyscallNumber.CLOSE, descriptor, 0, 0, 0, 0, 0);
    }
}
