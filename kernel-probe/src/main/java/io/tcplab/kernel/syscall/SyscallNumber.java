package io.tcplab.kernel.syscall;

/**
 * The numbers of system calls, for syscall(2), on x86_64 and aarch64 ({@code arch/x86/entry/syscalls/syscall_64.tbl},
 * {@code include/uapi/asm-generic/unistd.h}).
 */
public final class SyscallNumber {
    /** Whether this is x86_64; aarch64 otherwise. */
    public static final boolean X86 = "amd64".equals(System.getProperty("os.arch"));

    public static final long SOCKET = X86 ? 41 : 198;
    public static final long CLOSE = X86 ? 3 : 57;
    public static final long BIND = X86 ? 49 : 200;
    public static final long CONNECT = X86 ? 42 : 203;
    public static final long LISTEN = X86 ? 50 : 201;
    public static final long ACCEPT4 = X86 ? 288 : 242;
    public static final long SHUTDOWN = X86 ? 48 : 210;
    public static final long GETSOCKNAME = X86 ? 51 : 204;
    public static final long GETPEERNAME = X86 ? 52 : 205;
    public static final long SETSOCKOPT = X86 ? 54 : 208;
    public static final long GETSOCKOPT = X86 ? 55 : 209;
    public static final long SENDTO = X86 ? 44 : 206;
    public static final long RECVFROM = X86 ? 45 : 207;
    public static final long PPOLL = X86 ? 271 : 73;
    public static final long UNSHARE = X86 ? 272 : 97;
    public static final long SETNS = X86 ? 308 : 268;
    public static final long GETTID = X86 ? 186 : 178;
    public static final long KILL = X86 ? 62 : 129;
    public static final long SCHED_SETAFFINITY = X86 ? 203 : 122;
    public static final long SCHED_GETAFFINITY = X86 ? 204 : 123;
    public static final long PRCTL = X86 ? 157 : 167;
    public static final long EXECVE = X86 ? 59 : 221;
    public static final long OPENAT = X86 ? 257 : 56;
    public static final long FCNTL = X86 ? 72 : 25;
    public static final long IOCTL = X86 ? 16 : 29;
    public static final long READ = X86 ? 0 : 63;
    public static final long WRITE = X86 ? 1 : 64;
    public static final long PRLIMIT64 = X86 ? 302 : 261;
    public static final long CLOCK_GETTIME = X86 ? 228 : 113;
    public static final long SETPRIORITY = X86 ? 141 : 140;
    public static final long SCHED_SETATTR = X86 ? 314 : 274;
    public static final long SCHED_GETATTR = X86 ? 315 : 275;
    public static final long MMAP = X86 ? 9 : 222;
    public static final long MUNMAP = X86 ? 11 : 215;
    public static final long SENDMMSG = X86 ? 307 : 269;
    public static final long EVENTFD2 = X86 ? 290 : 19;
    public static final long EPOLL_CREATE1 = X86 ? 291 : 20;
    public static final long EPOLL_CTL = X86 ? 233 : 21;
    public static final long EPOLL_PWAIT = X86 ? 281 : 22;
    public static final long EPOLL_PWAIT2 = 441;
    public static final long IO_URING_SETUP = 425;
    public static final long IO_URING_ENTER = 426;
    public static final long IO_URING_REGISTER = 427;

    private SyscallNumber() {}
}
