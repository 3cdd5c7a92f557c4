package io.tcplab.kernel.syscall;

/** The kernel does not give this process an io_uring(7); the message names the call and what can be done. */
public final class RingRefused extends Exception {

    RingRefused(String message) {
        super(message);
    }
}
