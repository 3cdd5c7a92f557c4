package io.tcplab.kernel.syscall;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;

/**
 * The system calls that the probe needs, each returning its result or the negated errno, as the kernel itself does.
 *
 * <p>Nothing here throws for a failing call: test {@code result < 0} and name it by {@link Errno#ofResult}. A call that
 * blocks holds its platform thread; calls that change the thread (unshare, setns, prctl) must not run on a virtual one.
 */
public final class Syscalls {
    /** Close the descriptor on execve ({@code SOCK_CLOEXEC}, {@code O_CLOEXEC}). */
    public static final int CLOEXEC = 0x80000;

    /** Never block in a call on this socket ({@code SOCK_NONBLOCK}, {@code O_NONBLOCK}). */
    public static final int NONBLOCK = 0x800;

    /** {@code unshare} and {@code setns}: the network namespace. */
    public static final int CLONE_NEWNET = 0x40000000;

    // One call state a thread: errno belongs to the thread that called.
    private static final ThreadLocal<MemorySegment> STATE = ThreadLocal.withInitial(Downcall::newState);

    /** Room for 8192 CPUs, the most that Linux is built for (CONFIG_NR_CPUS). */
    private static final int CPU_MASK_BYTES = 1024;

    private static final int AT_FDCWD = -100;
    private static final int RLIMIT_NOFILE = 7;

    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED = 1;

    private Syscalls() {}

    /** socket(2): a descriptor. */
    public static int socket(int family, int type, int protocol) {
        return (int) call(SyscallNumber.SOCKET, family, type, protocol);
    }

    /** close(2). */
    public static int close(int fd) {
        return (int) call(SyscallNumber.CLOSE, fd, 0, 0);
    }

    /** bind(2). */
    public static int bind(int fd, MemorySegment address) {
        return (int) call(SyscallNumber.BIND, fd, address, address.byteSize());
    }

    /** connect(2). */
    public static int connect(int fd, MemorySegment address) {
        return (int) call(SyscallNumber.CONNECT, fd, address, address.byteSize());
    }

    /** listen(2). */
    public static int listen(int fd, int backlog) {
        return (int) call(SyscallNumber.LISTEN, fd, backlog, 0);
    }

    /** accept4(2) without the peer's address: a descriptor. */
    public static int accept(int fd, int flags) {
        return (int) call(SyscallNumber.ACCEPT4, fd, 0, 0, flags, 0, 0);
    }

    /** shutdown(2): how is 0 (read), 1 (write) or 2 (both). */
    public static int shutdown(int fd, int how) {
        return (int) call(SyscallNumber.SHUTDOWN, fd, how, 0);
    }

    /** getsockname(2); {@code length} holds an int, the size of {@code address} before and of the answer after. */
    public static int getsockname(int fd, MemorySegment address, MemorySegment length) {
        return name(SyscallNumber.GETSOCKNAME, fd, address, length);
    }

    /** getpeername(2); {@code length} as in {@link #getsockname}. */
    public static int getpeername(int fd, MemorySegment address, MemorySegment length) {
        return name(SyscallNumber.GETPEERNAME, fd, address, length);
    }

    private static int name(long number, int fd, MemorySegment address, MemorySegment length) {
        return (int) holding(address, length, number, fd, address.address(), length.address(), 0, 0, 0);
    }

    /** setsockopt(2). */
    public static int setsockopt(int fd, int level, int name, MemorySegment value) {
        return (int)
                holding(value, value, SyscallNumber.SETSOCKOPT, fd, level, name, value.address(), value.byteSize(), 0);
    }

    /** getsockopt(2); {@code length} holds an int, the size of {@code value} before and of the answer after. */
    public static int getsockopt(int fd, int level, int name, MemorySegment value, MemorySegment length) {
        return (int)
                holding(value, length, SyscallNumber.GETSOCKOPT, fd, level, name, value.address(), length.address(), 0);
    }

    /** send(2): bytes sent. */
    public static long send(int fd, MemorySegment bytes, int flags) {
        return transfer(SyscallNumber.SENDTO, fd, bytes, flags, MemorySegment.NULL);
    }

    /** sendto(2): bytes sent. */
    public static long sendto(int fd, MemorySegment bytes, int flags, MemorySegment address) {
        return transfer(SyscallNumber.SENDTO, fd, bytes, flags, address);
    }

    /** recv(2): bytes received, 0 at the end of the stream. */
    public static long recv(int fd, MemorySegment into, int flags) {
        return transfer(SyscallNumber.RECVFROM, fd, into, flags, MemorySegment.NULL);
    }

    private static long transfer(long number, int fd, MemorySegment bytes, int flags, MemorySegment address) {
        return holding(
                bytes,
                address,
                number,
                fd,
                bytes.address(),
                bytes.byteSize(),
                flags,
                address.address(),
                address.byteSize());
    }

    /** poll(2) on one descriptor: the events that came, 0 when the time ran out; a negative timeout waits for ever. */
    public static int poll(int fd, int events, int timeoutMillis) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocate(24, 8);
            one.set(JAVA_INT, 0, fd);
            one.set(ValueLayout.JAVA_SHORT, 4, (short) events);
            one.set(JAVA_LONG, 8, timeoutMillis / 1000);
            one.set(JAVA_LONG, 16, timeoutMillis % 1000 * 1_000_000L);
            long timeout = timeoutMillis < 0 ? 0 : one.address() + 8;
            int ready = (int) call(SyscallNumber.PPOLL, one.address(), 1, timeout, 0, 0, 0);
            return ready <= 0 ? ready : one.get(ValueLayout.JAVA_SHORT, 6);
        }
    }

    /** unshare(2), for the calling thread. */
    public static int unshare(int flags) {
        return (int) call(SyscallNumber.UNSHARE, flags, 0, 0);
    }

    /** setns(2), for the calling thread. */
    public static int setns(int fd, int type) {
        return (int) call(SyscallNumber.SETNS, fd, type, 0);
    }

    /** gettid(2): the calling thread's id, as in /proc/PID/task. */
    public static int gettid() {
        return (int) call(SyscallNumber.GETTID, 0, 0, 0);
    }

    /** kill(2). */
    public static int kill(long pid, int signal) {
        return (int) call(SyscallNumber.KILL, pid, signal, 0);
    }

    /** prctl(2). */
    public static int prctl(int option, long second) {
        return (int) call(SyscallNumber.PRCTL, option, second, 0);
    }

    /** setpriority(2) of one thread, by its id: 19 is the least. A thread may always be lowered, and raised with CAP_SYS_NICE. */
    public static int niceThread(int threadId, int nice) {
        return (int) call(SyscallNumber.SETPRIORITY, 0, threadId, nice);
    }

    /** sched_getaffinity(2): the CPUs on which a thread may run, 0 = the calling one; empty if refused. */
    public static BitSet affinity(int threadId) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(CPU_MASK_BYTES, 8);
            long bytes = call(SyscallNumber.SCHED_GETAFFINITY, threadId, CPU_MASK_BYTES, mask.address(), 0, 0, 0);
            return bytes <= 0
                    ? new BitSet()
                    : BitSet.valueOf(mask.asSlice(0, bytes).toArray(JAVA_LONG));
        }
    }

    /** sched_setaffinity(2): lets a thread, 0 = the calling one, run on these CPUs alone. */
    public static int setAffinity(int threadId, BitSet cpus) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocateFrom(JAVA_LONG, cpus.toLongArray());
            return (int) call(SyscallNumber.SCHED_SETAFFINITY, threadId, mask.byteSize(), mask.address(), 0, 0, 0);
        }
    }

    /** open(2): a descriptor, always with O_CLOEXEC. */
    public static int open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) call(SyscallNumber.OPENAT, AT_FDCWD, arena.allocateFrom(path), flags | CLOEXEC);
        }
    }

    /** write(2) of a whole text in one call: bytes written. */
    public static long write(int fd, String text) {
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            MemorySegment from = arena.allocate(Math.max(1, bytes.length));
            MemorySegment.copy(bytes, 0, from, ValueLayout.JAVA_BYTE, 0, bytes.length);
            return call(SyscallNumber.WRITE, fd, from, bytes.length);
        }
    }

    /** fcntl(2). */
    public static int fcntl(int fd, int command, long argument) {
        return (int) call(SyscallNumber.FCNTL, fd, command, argument);
    }

    /** ioctl(2). */
    public static int ioctl(int fd, long request, MemorySegment argument) {
        return (int) holding(argument, argument, SyscallNumber.IOCTL, fd, request, argument.address(), 0, 0, 0);
    }

    /** mmap(2) of a descriptor's memory from its beginning, shared, to read and write: its address, or a negative errno. */
    public static long mmap(int fd, long bytes) {
        return call(SyscallNumber.MMAP, 0, bytes, PROT_READ_WRITE, MAP_SHARED, fd, 0);
    }

    /** munmap(2). */
    public static int munmap(long address, long bytes) {
        return (int) call(SyscallNumber.MUNMAP, address, bytes, 0);
    }

    /** How many descriptors this process may have (getrlimit(2)): {soft, hard}, -1 for unlimited; empty array if refused. */
    public static long[] descriptorLimits() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pair = arena.allocate(16, 8);
            long result = call(SyscallNumber.PRLIMIT64, 0, RLIMIT_NOFILE, 0, pair.address(), 0, 0);
            return result < 0 ? new long[0] : new long[] {pair.get(JAVA_LONG, 0), pair.get(JAVA_LONG, 8)};
        }
    }

    /** The CPU time that the calling thread has used, in nanoseconds (CLOCK_THREAD_CPUTIME_ID, clock_gettime(2)). */
    public static long threadCpuNanos() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(16, 8);
            long result = call(SyscallNumber.CLOCK_GETTIME, 3, time, 0);
            return result < 0 ? 0 : time.get(JAVA_LONG, 0) * 1_000_000_000L + time.get(JAVA_LONG, 8);
        }
    }

    /** execve(2): does not return unless it fails. */
    public static int execve(String path, List<String> arguments, List<String> environment) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path);
            MemorySegment argv = pointers(arena, arguments);
            MemorySegment envp = pointers(arena, environment);
            return (int) call(SyscallNumber.EXECVE, name.address(), argv.address(), envp.address());
        }
    }

    private static MemorySegment pointers(Arena arena, List<String> texts) {
        MemorySegment array = arena.allocate(ADDRESS, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            array.setAtIndex(ADDRESS, i, arena.allocateFrom(texts.get(i)));
        }
        array.setAtIndex(ADDRESS, texts.size(), MemorySegment.NULL);
        return array;
    }

    private static long call(long number, long a, MemorySegment b, long c) {
        return holding(b, b, number, a, b.address(), c, 0, 0, 0);
    }

    /** A call with addresses of two segments, which must not be freed while it lasts. */
    private static long holding(
            MemorySegment one, MemorySegment two, long number, long a, long b, long c, long d, long e, long f) {
        try {
            return call(number, a, b, c, d, e, f);
        } finally {
            Reference.reachabilityFence(one);
            Reference.reachabilityFence(two);
        }
    }

    private static long call(long number, long a, long b, long c) {
        return call(number, a, b, c, 0, 0, 0);
    }

    private static long call(long number, long a, long b, long c, long d, long e, long f) {
        return Downcall.any(STATE.get(), number, a, b, c, d, e, f);
    }
}
