package io.tcplab.loadgen.connection;

import io.tcplab.loadgen.record.ConnectionOutcome;

/** The errno values that a connection meets (errno(3); the same numbers on x86_64 and aarch64), and what they mean for it. */
final class Errno {

    static final int EPERM = 1;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int ENFILE = 23;
    static final int EMFILE = 24;
    static final int EPIPE = 32;
    static final int ENOSYS = 38;
    static final int EADDRINUSE = 98;
    static final int EADDRNOTAVAIL = 99;
    static final int ENETUNREACH = 101;
    static final int ECONNRESET = 104;
    static final int ETIMEDOUT = 110;
    static final int ECONNREFUSED = 111;
    static final int EHOSTUNREACH = 113;
    static final int EINPROGRESS = 115;

    private Errno() {}

    /** The outcome of a connection that a system call ended with {@code errno}. */
    static ConnectionOutcome outcome(int errno) {
        return switch (errno) {
            case ECONNREFUSED -> ConnectionOutcome.REFUSED;
            case ETIMEDOUT -> ConnectionOutcome.TIMED_OUT;
            case EADDRNOTAVAIL, EADDRINUSE, EAGAIN -> ConnectionOutcome.NO_LOCAL_PORT;
            case EMFILE, ENFILE -> ConnectionOutcome.NO_DESCRIPTOR;
            case ENETUNREACH, EHOSTUNREACH, EPERM, EACCES -> ConnectionOutcome.UNREACHABLE;
            case ECONNRESET, EPIPE -> ConnectionOutcome.RESET;
            default -> ConnectionOutcome.FAILED;
        };
    }

    /** The symbolic name, such as {@code ECONNREFUSED}. */
    static String name(int errno) {
        return switch (errno) {
            case EPERM -> "EPERM";
            case EINTR -> "EINTR";
            case EIO -> "EIO";
            case EAGAIN -> "EAGAIN";
            case EACCES -> "EACCES";
            case ENFILE -> "ENFILE";
            case EMFILE -> "EMFILE";
            case EPIPE -> "EPIPE";
            case ENOSYS -> "ENOSYS";
            case EADDRINUSE -> "EADDRINUSE";
            case EADDRNOTAVAIL -> "EADDRNOTAVAIL";
            case ENETUNREACH -> "ENETUNREACH";
            case ECONNRESET -> "ECONNRESET";
            case ETIMEDOUT -> "ETIMEDOUT";
            case ECONNREFUSED -> "ECONNREFUSED";
            case EHOSTUNREACH -> "EHOSTUNREACH";
            case 105 -> "ENOBUFS";
            case 12 -> "ENOMEM";
            case 22 -> "EINVAL";
            case 97 -> "EAFNOSUPPORT";
            case 107 -> "ENOTCONN";
            case 71 -> "EPROTO";
            default -> "errno " + errno;
        };
    }
}
