package io.tcplab.loadgen.connection;

import io.netty.channel.IoHandler;
import org.jspecify.annotations.Nullable;

/** Makes the sockets of one event loop, and knows how that loop waits for them. */
interface Wires {

    /**
     * Returns a socket with the profile's options, bound to the next source address; {@code null} when a system call refused, which
     * {@link #failureErrno} then tells.
     */
    @Nullable
    Wire open(Connection connection);

    /** The errno of the last refusal, positive. */
    int failureErrno();

    /** The system call that refused. */
    String failedCall();

    /** What Netty's loop runs to wait for readiness. */
    IoHandler ioHandler();

    /** Whether one of the sockets waits for readiness, or may. */
    boolean awaitsReadiness();

    /** Called once on the loop's thread before anything else. */
    void enterLoop();
}
