package io.tcplab.loadgen.connection.wire;

import io.netty.channel.IoHandler;
import io.netty.util.concurrent.ThreadAwareExecutor;
import org.jspecify.annotations.Nullable;

/** Makes the sockets of one event loop, and knows how that loop waits for them. */
public interface Wires {

    /** Makes those of one event loop, which runs on {@code executor}. */
    interface Factory {
        Wires make(ThreadAwareExecutor executor);
    }

    /**
     * Returns a socket with the profile's options, bound to the next source address; {@code null} when a system call refused, which
     * {@link #failureErrno} then tells.
     *
     * @param target its number, to which it will connect
     */
    @Nullable
    Wire open(Wire.Owner owner, int target);

    /** Whether a socket can meet itself there: the target is this host's, on a port that the kernel may give to a client. */
    boolean mayMeetItself(int target);

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
