package io.tcplab.kernel.syscall;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
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

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    // One call state a thread: errno belongs to the thread that called.
    private static final ThreadLocal<MemorySegment> STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CALL_STATE));

    private static final MethodHandle SOCKET = handle("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = handle("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = handle("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle CONNECT = handle("connect", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle LISTEN = handle("listen", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle ACCEPT4 = handle("accept4", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle SHUTDOWN = handle("shutdown", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle GETSOCKNAME = handle("getsockname", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle GETPEERNAME = handle("getpeername", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle SETSOCKOPT =
            handle("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle GETSOCKOPT =
            handle("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle SENDTO =
            handle("sendto", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle RECVFROM =
            handle("recvfrom", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle POLL = handle("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle UNSHARE = handle("unshare", JAVA_INT, JAVA_INT);
    private static final MethodHandle SETNS = handle("setns", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle GETTID = handle("gettid", JAVA_INT);
    private static final MethodHandle GETEUID = handle("geteuid", JAVA_INT);
    private static final MethodHandle PRCTL =
            handle("prctl", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle EXECVE = handle("execve", JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle OPEN = variadic("open", 2, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle FCNTL = variadic("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle IOCTL = variadic("ioctl", 2, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle WRITE = handle("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle GETRLIMIT = handle("getrlimit", JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle CLOCK_GETTIME = handle("clock_gettime", JAVA_INT, JAVA_INT, ADDRESS);

    private Syscalls() {}

    /** socket(2): a descriptor. */
    public static int socket(int family, int type, int protocol) {
        return intCall(state -> (int) SOCKET.invokeExact(state, family, type, protocol));
    }

    /** close(2). */
    public static int close(int fd) {
        return intCall(state -> (int) CLOSE.invokeExact(state, fd));
    }

    /** bind(2). */
    public static int bind(int fd, MemorySegment address) {
        return intCall(state -> (int) BIND.invokeExact(state, fd, address, (int) address.byteSize()));
    }

    /** connect(2). */
    public static int connect(int fd, MemorySegment address) {
        return intCall(state -> (int) CONNECT.invokeExact(state, fd, address, (int) address.byteSize()));
    }

    /** listen(2). */
    public static int listen(int fd, int backlog) {
        return intCall(state -> (int) LISTEN.invokeExact(state, fd, backlog));
    }

    /** accept4(2) without the peer's address: a descriptor. */
    public static int accept(int fd, int flags) {
        return intCall(state -> (int) ACCEPT4.invokeExact(state, fd, MemorySegment.NULL, MemorySegment.NULL, flags));
    }

    /** shutdown(2): how is 0 (read), 1 (write) or 2 (both). */
    public static int shutdown(int fd, int how) {
        return intCall(state -> (int) SHUTDOWN.invokeExact(state, fd, how));
    }

    /** getsockname(2); {@code length} holds an int, the size of {@code address} before and of the answer after. */
    public static int getsockname(int fd, MemorySegment address, MemorySegment length) {
        return intCall(state -> (int) GETSOCKNAME.invokeExact(state, fd, address, length));
    }

    /** getpeername(2); {@code length} as in {@link #getsockname}. */
    public static int getpeername(int fd, MemorySegment address, MemorySegment length) {
        return intCall(state -> (int) GETPEERNAME.invokeExact(state, fd, address, length));
    }

    /** setsockopt(2). */
    public static int setsockopt(int fd, int level, int name, MemorySegment value) {
        return intCall(state -> (int) SETSOCKOPT.invokeExact(state, fd, level, name, value, (int) value.byteSize()));
    }

    /** getsockopt(2); {@code length} holds an int, the size of {@code value} before and of the answer after. */
    public static int getsockopt(int fd, int level, int name, MemorySegment value, MemorySegment length) {
        return intCall(state -> (int) GETSOCKOPT.invokeExact(state, fd, level, name, value, length));
    }

    /** send(2): bytes sent. */
    public static long send(int fd, MemorySegment bytes, int flags) {
        return longCall(
                state -> (long) SENDTO.invokeExact(state, fd, bytes, bytes.byteSize(), flags, MemorySegment.NULL, 0));
    }

    /** sendto(2): bytes sent. */
    public static long sendto(int fd, MemorySegment bytes, int flags, MemorySegment address) {
        return longCall(state -> (long)
                SENDTO.invokeExact(state, fd, bytes, bytes.byteSize(), flags, address, (int) address.byteSize()));
    }

    /** recv(2): bytes received, 0 at the end of the stream. */
    public static long recv(int fd, MemorySegment into, int flags) {
        return longCall(state -> (long)
                RECVFROM.invokeExact(state, fd, into, into.byteSize(), flags, MemorySegment.NULL, MemorySegment.NULL));
    }

    /** poll(2) on one descriptor: the events that came, 0 when the time ran out. */
    public static int poll(int fd, int events, int timeoutMillis) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocate(8, 4);
            one.set(JAVA_INT, 0, fd);
            one.set(ValueLayout.JAVA_SHORT, 4, (short) events);
            int ready = intCall(state -> (int) POLL.invokeExact(state, one, 1L, timeoutMillis));
            return ready <= 0 ? ready : one.get(ValueLayout.JAVA_SHORT, 6);
        }
    }

    /** unshare(2), for the calling thread. */
    public static int unshare(int flags) {
        return intCall(state -> (int) UNSHARE.invokeExact(state, flags));
    }

    /** setns(2), for the calling thread. */
    public static int setns(int fd, int type) {
        return intCall(state -> (int) SETNS.invokeExact(state, fd, type));
    }

    /** gettid(2): the calling thread's id, as in /proc/PID/task. */
    public static int gettid() {
        return intCall(state -> (int) GETTID.invokeExact(state));
    }

    /** geteuid(2). */
    public static int geteuid() {
        return intCall(state -> (int) GETEUID.invokeExact(state));
    }

    /** prctl(2). */
    public static int prctl(int option, long second) {
        return intCall(state -> (int) PRCTL.invokeExact(state, option, second, 0L, 0L, 0L));
    }

    /** open(2): a descriptor, always with O_CLOEXEC. */
    public static int open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path);
            return intCall(state -> (int) OPEN.invokeExact(state, name, flags | CLOEXEC, 0));
        }
    }

    /** write(2) of a whole text in one call: bytes written. */
    public static long write(int fd, String text) {
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            MemorySegment from = arena.allocate(Math.max(1, bytes.length));
            MemorySegment.copy(bytes, 0, from, ValueLayout.JAVA_BYTE, 0, bytes.length);
            long length = bytes.length;
            return longCall(state -> (long) WRITE.invokeExact(state, fd, from, length));
        }
    }

    /** fcntl(2). */
    public static int fcntl(int fd, int command, long argument) {
        return intCall(state -> (int) FCNTL.invokeExact(state, fd, command, argument));
    }

    /** ioctl(2). */
    public static int ioctl(int fd, long request, MemorySegment argument) {
        return intCall(state -> (int) IOCTL.invokeExact(state, fd, request, argument));
    }

    /** getrlimit(2): {soft, hard}, -1 for unlimited; empty array if refused. */
    public static long[] getrlimit(int resource) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pair = arena.allocate(16, 8);
            int result = intCall(state -> (int) GETRLIMIT.invokeExact(state, resource, pair));
            return result < 0 ? new long[0] : new long[] {pair.get(JAVA_LONG, 0), pair.get(JAVA_LONG, 8)};
        }
    }

    /** The CPU time that the calling thread has used, in nanoseconds (CLOCK_THREAD_CPUTIME_ID, clock_gettime(2)). */
    public static long threadCpuNanos() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(16, 8);
            int result = intCall(state -> (int) CLOCK_GETTIME.invokeExact(state, 3, time));
            return result < 0 ? 0 : time.get(JAVA_LONG, 0) * 1_000_000_000L + time.get(JAVA_LONG, 8);
        }
    }

    /** execve(2): does not return unless it fails. */
    public static int execve(String path, List<String> arguments, List<String> environment) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path);
            MemorySegment argv = pointers(arena, arguments);
            MemorySegment envp = pointers(arena, environment);
            return intCall(state -> (int) EXECVE.invokeExact(state, name, argv, envp));
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

    private interface IntCall {
        int on(MemorySegment state) throws Throwable;
    }

    private interface LongCall {
        long on(MemorySegment state) throws Throwable;
    }

    private static int intCall(IntCall call) {
        MemorySegment state = STATE.get();
        try {
            int result = call.on(state);
            return result >= 0 ? result : -(int) ERRNO.get(state, 0L);
        } catch (Throwable t) {
            throw new AssertionError("a downcall to libc cannot throw", t);
        }
    }

    private static long longCall(LongCall call) {
        MemorySegment state = STATE.get();
        try {
            long result = call.on(state);
            return result >= 0 ? result : -(int) ERRNO.get(state, 0L);
        } catch (Throwable t) {
            throw new AssertionError("a downcall to libc cannot throw", t);
        }
    }

    private static MethodHandle handle(String name, MemoryLayout result, MemoryLayout... arguments) {
        return link(name, FunctionDescriptor.of(result, arguments), Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle variadic(String name, int fixed, MemoryLayout result, MemoryLayout... arguments) {
        return link(
                name,
                FunctionDescriptor.of(result, arguments),
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(fixed));
    }

    private static MethodHandle link(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
    }
}
