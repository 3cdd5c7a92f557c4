package io.tcplab.loadgen.plan;

import org.jspecify.annotations.Nullable;

/**
 * The server that a run starts: a companion's settings, or a server of the user's.
 *
 * @param backlog the listen(2) argument
 * @param acceptDelayNanos pause before each accept
 * @param acceptPaused never accept (until told to): connections stay in the accept queue
 * @param eventLoops event loops that serve accepted connections
 * @param nodelay TCP_NODELAY on accepted connections
 * @param receiveBufferBytes SO_RCVBUF, 0 = the kernel's default
 * @param sendBufferBytes SO_SNDBUF, 0 = the kernel's default
 * @param deferAcceptSeconds TCP_DEFER_ACCEPT, 0 = unset (tcp(7))
 * @param fastOpenQueue TCP_FASTOPEN queue length, 0 = unset (tcp(7))
 * @param own a server of the user's that is started instead of a companion; absent = a companion is
 */
public record ServerOptions(
        int backlog,
        long acceptDelayNanos,
        boolean acceptPaused,
        int eventLoops,
        boolean nodelay,
        int receiveBufferBytes,
        int sendBufferBytes,
        int deferAcceptSeconds,
        int fastOpenQueue,
        @Nullable OwnServer own) {

    public static final ServerOptions DEFAULTS = new ServerOptions(4096, 0, false, 1, true, 0, 0, 0, 0, null);
}
