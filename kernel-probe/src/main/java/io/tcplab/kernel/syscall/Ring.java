package io.tcplab.kernel.syscall;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * An io_uring(7) of one thread: operations are staged in memory that the kernel reads, and one io_uring_enter(2) begins all of them, in
 * the order in which they were staged.
 *
 * <p>What the kernel has to do for an operation later it does while this thread is in {@link #submit} or {@link #await}, and at no other
 * time (IORING_SETUP_DEFER_TASKRUN). Each operation carries a tag, which its completion has again. Everything but the constructor belongs
 * to the thread that has called {@link #enable}. Layouts and numbers are those of linux/io_uring.h.
 */
public final class Ring implements AutoCloseable {

    /** {@link #flags}: what was received lies in the buffer that {@link #buffer} names. */
    public static final int CQE_BUFFER = 1;

    /** {@link #flags}: more completions of this operation will follow. */
    public static final int CQE_MORE = 1 << 1;

    /** {@link #flags}: the socket had more to read, or its end. */
    public static final int CQE_NOT_EMPTY = 1 << 2;

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
    private static final int SQE_BYTES = 64;
    private static final int CQE_BYTES = 16;

    private static final int ENTER_GETEVENTS = 1;
    private static final int ENTER_EXT_ARG = 1 << 3;
    private static final int ENTER_REGISTERED = 1 << 4;
    private static final int EXT_ARG_BYTES = 24;

    private static final int REGISTER_PROBE = 8;
    private static final int REGISTER_ENABLE = 12;
    private static final int REGISTER_RING = 20;
    private static final int UNREGISTER_RING = 21;
    private static final int REGISTER_BUFFERS = 22;
    private static final int ANY_PLACE = -1;
    private static final int NO_PLACE = -1;

    private static final int SQ_WORK = 1 << 1 | 1 << 2; // CQ_OVERFLOW, TASKRUN

    private static final int OP_POLL_ADD = 6;
    private static final int OP_ACCEPT = 13;
    private static final int OP_CANCEL = 14;
    private static final int OP_CONNECT = 16;
    private static final int OP_CLOSE = 19;
    private static final int OP_SEND = 26;
    private static final int OP_RECEIVE = 27;
    private static final int OP_SOCKET = 45;
    private static final int OP_COMMAND = 46;
    private static final int OP_BIND = 56;

    private static final int COMMAND_SETSOCKOPT = 3;
    private static final int POLL_MULTISHOT = 1;
    private static final short ACCEPT_MULTISHOT = 1;
    private static final int BUFFER_SELECT = 1 << 5;
    private static final short POLL_FIRST = 1;

    /** An operation with it completes in silence, unless it fails. */
    private static final int SILENT = 1 << 6;

    /** MSG_WAITALL: what does not fit at once is sent when there is room, and the operation ends when all is. */
    private static final int MSG_WAITALL_NOSIGNAL = 0x100 | 0x4000;

    private static final int SOCK_STREAM = 1;
    private static final int SOCK_NONBLOCK_CLOEXEC = 0x80800;
    private static final int BUFFER_SHIFT = 16;

    private static final VarHandle INT = JAVA_INT.varHandle();

    private final int descriptor;
    private final int entries;
    private final MemorySegment errno = Downcall.newState();
    private final MemorySegment argument = Arena.ofAuto().allocate(EXT_ARG_BYTES + 16, 8);
    private final MemorySegment shared;
    private final MemorySegment sqes;
    private final long sqTail;
    private final long sqFlags;
    private final long cqHead;
    private final long cqTail;
    private final long cqes;
    private final int sqMask;
    private final int cqMask;

    /** Where the kernel keeps this ring for the thread, which saves the way by the process's table of descriptors at each call. */
    private int place = NO_PLACE;

    private int entered;
    private int enterFlags = ENTER_GETEVENTS;
    private int tail;
    private int submitted;
    private int head;

    /**
     * A ring for {@code entries} staged operations and {@code completions} that have not been taken, each a power of two. Throws
     * {@link RingRefused} where the kernel does not give it.
     */
    public Ring(int entries, int completions) throws RingRefused {
        MemorySegment params = Arena.ofAuto().allocate(PARAMS_BYTES, 8);
        params.set(JAVA_INT, 4, completions);
        params.set(JAVA_INT, 8, SETUP);
        descriptor = (int) Downcall.any(errno, SyscallNumber.IO_URING_SETUP, entries, params.address(), 0, 0, 0, 0);
        if (descriptor < 0) {
            throw new RingRefused(refusal(Errno.ofResult(descriptor)));
        }
        entered = descriptor;
        this.entries = params.get(JAVA_INT, 0);
        int sq = 40;
        int cq = 80;
        cqes = params.get(JAVA_INT, cq + 20);
        try {
            shared = RingMemory.map(descriptor, 0, cqes + (long) params.get(JAVA_INT, 4) * CQE_BYTES);
            sqes = RingMemory.map(descriptor, SQES_OFFSET, (long) this.entries * SQE_BYTES);
            requireOperations();
        } catch (RuntimeException | RingRefused e) {
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

    private static String refusal(Errno errno) {
        return switch (errno) {
            case EPERM ->
                "io_uring_setup: EPERM: not permitted here. In a container, allow io_uring_setup, io_uring_enter and"
                        + " io_uring_register in the seccomp profile; otherwise see sysctl kernel.io_uring_disabled";
            case ENOSYS -> "io_uring_setup: ENOSYS: this kernel was built without io_uring, or hides it";
            case EINVAL -> "io_uring_setup: EINVAL: this kernel is too old; Linux 6.11 or later is needed";
            case ENOMEM -> "io_uring_setup: ENOMEM: raise the limit of locked memory (ulimit -l)";
            default -> "io_uring_setup: " + errno;
        };
    }

    /** IORING_OP_BIND is the youngest: what is needed beside it came before. */
    private void requireOperations() throws RingRefused {
        int operations = 64;
        MemorySegment probe = Arena.ofAuto().allocate(16 + operations * 8L, 8);
        long result = register(REGISTER_PROBE, probe.address(), operations);
        if (result < 0) {
            throw new RingRefused("io_uring_register(PROBE): " + Errno.ofResult(result));
        }
        int last = probe.get(JAVA_BYTE, 0) & 0xff;
        if (last < OP_BIND || (probe.get(JAVA_SHORT, 16 + OP_BIND * 8L + 2) & 1) == 0) {
            throw new RingRefused("io_uring has no IORING_OP_BIND on this kernel; Linux 6.11 or later is needed");
        }
    }

    private long register(int operation, long address, int count) {
        return Downcall.any(errno, SyscallNumber.IO_URING_REGISTER, descriptor, operation, address, count, 0, 0);
    }

    /** Makes the ring the calling thread's. Throws IllegalStateException where the kernel refuses. */
    public void enable() {
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

    /** Has {@link #receive} receive into {@code buffers}. Throws IllegalStateException where the kernel refuses. */
    public void register(RingBuffers buffers) {
        MemorySegment request = Arena.ofAuto().allocate(40, 8);
        request.set(JAVA_LONG, 0, buffers.ringAddress());
        request.set(JAVA_INT, 8, buffers.count());
        long result = register(REGISTER_BUFFERS, request.address(), 1);
        if (result < 0) {
            throw new IllegalStateException("io_uring_register(PBUF_RING): " + Errno.ofResult(result));
        }
    }

    /** Returns where a new operation is to be laid out, all zero but for what is given. */
    private long stage(int operation, int flags, int fd, long tag) {
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

    /** A new non-blocking stream socket, which is the result. */
    public void socket(int family, long tag) {
        long at = stage(OP_SOCKET, 0, family, tag);
        sqes.set(JAVA_LONG, at + 8, SOCK_STREAM | SOCK_NONBLOCK_CLOEXEC);
    }

    /** setsockopt(2); completes only if it fails. The value has to stay until then. */
    public void setOption(int fd, int level, int name, MemorySegment value, long tag) {
        long at = stage(OP_COMMAND, SILENT, fd, tag);
        sqes.set(JAVA_INT, at + 8, COMMAND_SETSOCKOPT);
        sqes.set(JAVA_INT, at + 16, level);
        sqes.set(JAVA_INT, at + 20, name);
        sqes.set(JAVA_INT, at + 44, (int) value.byteSize());
        sqes.set(JAVA_LONG, at + 48, value.address());
    }

    /** bind(2); completes only if it fails. */
    public void bind(int fd, MemorySegment address, long tag) {
        long at = stage(OP_BIND, SILENT, fd, tag);
        sqes.set(JAVA_LONG, at + 8, address.byteSize());
        sqes.set(JAVA_LONG, at + 16, address.address());
    }

    /** connect(2); completes when the handshake has ended. */
    public void connect(int fd, MemorySegment address, long tag) {
        long at = stage(OP_CONNECT, 0, fd, tag);
        sqes.set(JAVA_LONG, at + 8, address.byteSize());
        sqes.set(JAVA_LONG, at + 16, address.address());
    }

    /** accept4(2) of each connection that comes to the listening socket; results are non-blocking descriptors. */
    public void acceptAlways(int fd, long tag) {
        long at = stage(OP_ACCEPT, 0, fd, tag);
        sqes.set(JAVA_SHORT, at + 2, ACCEPT_MULTISHOT);
        sqes.set(JAVA_INT, at + 28, SOCK_NONBLOCK_CLOEXEC);
    }

    /** close(2); completes only if it fails. */
    public void close(int fd, long tag) {
        stage(OP_CLOSE, SILENT, fd, tag);
    }

    /** send(2) of all of it; completes also when it succeeds, and the bytes have to stay until then. */
    public void send(int fd, long address, int length, long tag) {
        long at = stage(OP_SEND, 0, fd, tag);
        sqes.set(JAVA_LONG, at + 16, address);
        sqes.set(JAVA_LONG, at + 24, length | (long) MSG_WAITALL_NOSIGNAL << 32);
    }

    /**
     * recv(2) into one of the registered buffers, when there is something to receive. What is there already has to wait for its turn, too:
     * otherwise it would overtake what other sockets have received before.
     */
    public void receive(int fd, long tag) {
        receiveAtOnce(fd, tag);
        sqes.set(JAVA_SHORT, (long) ((tail - 1) & sqMask) * SQE_BYTES + 2, POLL_FIRST);
    }

    /** As {@link #receive}, and of what is there already within the next call: where others need not come first. */
    public void receiveAtOnce(int fd, long tag) {
        long _ = stage(OP_RECEIVE, BUFFER_SELECT, fd, tag);
    }

    /** Tells once that one of {@code events} (poll(2)) has come about, or is so already. */
    public void poll(int fd, int events, long tag) {
        sqes.set(JAVA_INT, stage(OP_POLL_ADD, 0, fd, tag) + 28, events);
    }

    /** As {@link #poll}, and again each time that one comes about. */
    public void pollAlways(int fd, int events, long tag) {
        long at = stage(OP_POLL_ADD, 0, fd, tag);
        sqes.set(JAVA_INT, at + 24, POLL_MULTISHOT);
        sqes.set(JAVA_INT, at + 28, events);
    }

    /** Ends the operation that was staged with {@code ofTag}; completes itself only if there is none. */
    public void cancel(long ofTag, long tag) {
        sqes.set(JAVA_LONG, stage(OP_CANCEL, SILENT, -1, tag) + 16, ofTag);
    }

    /** How many operations the kernel has not seen yet. */
    public int staged() {
        return tail - submitted;
    }

    /** Whether the kernel has something to do or to tell in the next {@link #submit}. */
    public boolean hasWork() {
        return ((int) INT.getOpaque(shared, sqFlags) & SQ_WORK) != 0;
    }

    /** Begins what is staged and does what is due, without waiting. Throws IllegalStateException where the kernel refuses. */
    public void submit() {
        int count = publish();
        taken(Downcall.quick(errno, SyscallNumber.IO_URING_ENTER, entered, count, 0, enterFlags, 0, 0));
    }

    /** As {@link #submit}, and waits at most {@code nanos} for a completion. */
    public void await(long nanos) {
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
    public boolean hasCompletion() {
        return (int) INT.getAcquire(shared, cqTail) != head;
    }

    private long completion() {
        return cqes + (long) (head & cqMask) * CQE_BYTES;
    }

    /** The tag of the operation. */
    public long tag() {
        return shared.get(JAVA_LONG, completion());
    }

    /** What its system call would return: a value or a negative errno. */
    public int result() {
        return shared.get(JAVA_INT, completion() + 8);
    }

    /** {@link #CQE_BUFFER}, {@link #CQE_MORE}, {@link #CQE_NOT_EMPTY}. */
    public int flags() {
        return shared.get(JAVA_INT, completion() + 12);
    }

    /** The number of the buffer in a completion's flags. */
    public static int buffer(int flags) {
        return flags >>> BUFFER_SHIFT;
    }

    /** Gives the completion's place back. */
    public void advance() {
        INT.setRelease(shared, cqHead, ++head);
    }

    /** What is still in progress is given up. */
    @Override
    public void close() {
        if (place != NO_PLACE) {
            // What is registered would keep the ring until the thread ends.
            long _ = register(UNREGISTER_RING, ringUpdate(place, 0).address(), 1);
        }
        long ignored = Downcall.any(errno, SyscallNumber.CLOSE, descriptor, 0, 0, 0, 0, 0);
    }
}
