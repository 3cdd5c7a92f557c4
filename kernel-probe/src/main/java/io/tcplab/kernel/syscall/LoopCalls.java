package io.tcplab.kernel.syscall;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The system calls of an event loop on its own behalf, each returning its value or a negative errno: epoll(7), eventfd(2), its clock and
 * its place among other threads. Nothing is allocated or thrown.
 *
 * <p>All go through glibc's syscall(2) wrapper, so that a single downcall shape has to be linked at start-up. Calls that cannot
 * block are made "critical": the thread does not leave its Java state, which saves the transition and keeps a safepoint waiting for
 * at most one such call (connect(2) on loopback: some 10 µs). One instance belongs to one thread.
 */
public abstract sealed class LoopCalls permits FastCalls {

    private static final long PR_SET_TIMERSLACK = 29;

    private static final int SCHED_ATTR_BYTES = 48;
    private static final int SCHED_ATTR_RUNTIME = 24;
    private static final int SCHED_ATTR_POLICY = 4;
    private static final int SCHED_ATTR_PRIORITY = 20;
    private static final int SCHED_FIFO = 1;
    private static final long SLICE_NANOS = 200_000;

    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int EFD_CLOEXEC_NONBLOCK = 0x80800;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLL_CTL_MOD = 3;

    private static final long NO_SUCH_CALL = -Errno.ENOSYS.number();

    /** struct epoll_event is packed on x86_64 alone (linux/eventpoll.h). */
    public static final int EPOLL_EVENT_BYTES = SyscallNumber.X86 ? 12 : 16;

    private static final int EPOLL_EVENT_DATA = SyscallNumber.X86 ? 4 : 8;

    final MemorySegment errno;

    /** What a call reads or fills. */
    final MemorySegment scratch;

    /** A socklen_t. */
    final MemorySegment length;

    private boolean coarseWait;

    /** Its memory is the collector's: that of a shared arena would be locked and unlocked at each call. */
    LoopCalls() {
        Arena arena = Arena.ofAuto();
        errno = Downcall.newState();
        scratch = arena.allocate(256, 8);
        length = arena.allocate(8, 8);
    }

    final long quick(long number, long a, long b, long c, long d, long e, long f) {
        return Downcall.quick(errno, number, a, b, c, d, e, f);
    }

    public final int close(int fd) {
        return (int) quick(SyscallNumber.CLOSE, fd, 0, 0, 0, 0, 0);
    }

    /**
     * Lets the calling thread's timed waits end on time: without 50 µs of timer slack (prctl(2), PR_SET_TIMERSLACK), and, where the
     * core is shared, ahead of a thread that has a longer slice than this one (sched_setattr(2): since Linux 6.12 sched_runtime is
     * the slice of an ordinary thread; before, it is ignored).
     */
    public final void wakeOnTime() {
        quick(SyscallNumber.PRCTL, PR_SET_TIMERSLACK, 1, 0, 0, 0, 0);
        if (quick(SyscallNumber.SCHED_GETATTR, 0, scratch.address(), SCHED_ATTR_BYTES, 0, 0, 0) == 0) {
            scratch.set(ValueLayout.JAVA_LONG, SCHED_ATTR_RUNTIME, SLICE_NANOS);
            quick(SyscallNumber.SCHED_SETATTR, 0, scratch.address(), 0, 0, 0, 0);
        }
    }

    /**
     * Lets the calling thread run ahead of every ordinary one (SCHED_FIFO at its least priority, sched(7)); returns a negative errno where
     * that is refused, as without CAP_SYS_NICE. It must sleep whenever it can.
     */
    public final int runAhead() {
        scratch.asSlice(0, SCHED_ATTR_BYTES).fill((byte) 0);
        scratch.set(ValueLayout.JAVA_INT, 0, SCHED_ATTR_BYTES);
        scratch.set(ValueLayout.JAVA_INT, SCHED_ATTR_POLICY, SCHED_FIFO);
        scratch.set(ValueLayout.JAVA_INT, SCHED_ATTR_PRIORITY, 1);
        return (int) quick(SyscallNumber.SCHED_SETATTR, 0, scratch.address(), 0, 0, 0, 0);
    }

    /** CPU time of the clock (2 = this process, 3 = the calling thread; clock_gettime(2)) in nanoseconds. */
    public final long cpuNanos(int clock) {
        quick(SyscallNumber.CLOCK_GETTIME, clock, scratch.address(), 0, 0, 0, 0);
        return scratch.get(ValueLayout.JAVA_LONG, 0) * 1_000_000_000L + scratch.get(ValueLayout.JAVA_LONG, 8);
    }

    public final int epollCreate() {
        return (int) quick(SyscallNumber.EPOLL_CREATE1, EPOLL_CLOEXEC, 0, 0, 0, 0, 0);
    }

    public final int eventFd() {
        return (int) quick(SyscallNumber.EVENTFD2, 0, EFD_CLOEXEC_NONBLOCK, 0, 0, 0, 0);
    }

    /** Adds one to an eventfd(2). */
    public final void signal(int eventFd) {
        scratch.set(ValueLayout.JAVA_LONG, 0, 1);
        quick(SyscallNumber.WRITE, eventFd, scratch.address(), 8, 0, 0, 0);
    }

    public final int epollAdd(int epoll, int fd, int interest) {
        return epollControl(epoll, EPOLL_CTL_ADD, fd, interest);
    }

    public final int epollModify(int epoll, int fd, int interest) {
        return epollControl(epoll, EPOLL_CTL_MOD, fd, interest);
    }

    public final int epollDelete(int epoll, int fd) {
        return epollControl(epoll, EPOLL_CTL_DEL, fd, 0);
    }

    private int epollControl(int epoll, int operation, int fd, int interest) {
        scratch.set(ValueLayout.JAVA_INT, 0, interest);
        scratch.set(ValueLayout.JAVA_INT, EPOLL_EVENT_DATA, fd);
        return (int) quick(SyscallNumber.EPOLL_CTL, epoll, operation, fd, scratch.address(), 0, 0);
    }

    /** Takes what is ready, at most {@code capacity} events, without waiting. */
    public final int epollLook(int epoll, MemorySegment events, int capacity) {
        return (int) quick(SyscallNumber.EPOLL_PWAIT, epoll, events.address(), capacity, 0, 0, 8);
    }

    /** Waits at most {@code nanos} for something to be ready; before Linux 5.11, which has no epoll_pwait2(2), whole milliseconds. */
    public final int epollWait(int epoll, MemorySegment events, int capacity, long nanos) {
        if (!coarseWait) {
            scratch.set(ValueLayout.JAVA_LONG, 0, nanos / 1_000_000_000L);
            scratch.set(ValueLayout.JAVA_LONG, 8, nanos % 1_000_000_000L);
            long result = Downcall.any(
                    errno, SyscallNumber.EPOLL_PWAIT2, epoll, events.address(), capacity, scratch.address(), 0, 8);
            if (result != NO_SUCH_CALL) {
                return (int) result;
            }
            coarseWait = true;
        }
        return (int) Downcall.any(
                errno,
                SyscallNumber.EPOLL_PWAIT,
                epoll,
                events.address(),
                capacity,
                (nanos + 999_999) / 1_000_000,
                0,
                8);
    }

    /** The descriptor of event number {@code i}. */
    public final int eventDescriptor(MemorySegment events, int i) {
        return events.get(ValueLayout.JAVA_INT, (long) i * EPOLL_EVENT_BYTES + EPOLL_EVENT_DATA);
    }

    /** The bits of event number {@code i}. */
    public final int eventBits(MemorySegment events, int i) {
        return events.get(ValueLayout.JAVA_INT, (long) i * EPOLL_EVENT_BYTES);
    }

    /** Reads an eventfd(2) empty. */
    public final void drain(int eventFd) {
        quick(SyscallNumber.READ, eventFd, scratch.address(), 8, 0, 0, 0);
    }
}
