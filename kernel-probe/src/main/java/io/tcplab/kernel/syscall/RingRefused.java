package io.tcplab.kernel.syscall;

/** The kernel does not give this process an io_uring(7); the message names the call and what can be done. */
public final class RingRefused extends Exception {

    RingRefused(String message) {
        super(message);
    }

    /** io_uring_setup(2) has failed with {@code errno}. */
    static RingRefused ofSetup(Errno errno) {
        return new RingRefused(
                switch (errno) {
                    case EPERM ->
                        "io_uring_setup: EPERM: not permitted here. In a container, allow io_uring_setup, io_uring_enter and"
                                + " io_uring_register in the seccomp profile; otherwise see sysctl kernel.io_uring_disabled";
                    case ENOSYS -> "io_uring_setup: ENOSYS: this kernel was built without io_uring, or hides it";
                    case EINVAL -> "io_uring_setup: EINVAL: this kernel is too old; Linux 6.11 or later is needed";
                    case ENOMEM -> "io_uring_setup: ENOMEM: raise the limit of locked memory (ulimit -l)";
                    default -> "io_uring_setup: " + errno;
                });
    }
}
