package io.tcplab.companion;

import org.jspecify.annotations.Nullable;

/**
 * How a companion listens, accepts and answers; checked once, before anything is opened.
 *
 * @param host address or name to bind; loopback unless the user says otherwise
 * @param port port to bind, 0 = the first free one of 9000 … 9099: never an ephemeral port, which the generator would miss
 * @param backlog the listen(2) argument
 * @param acceptDelayNanos pause before each accept(2), 0 = none; what waits stays in the kernel's accept queue
 * @param acceptPaused accept nothing until told to
 * @param eventLoops event loops that serve accepted connections; the first one accepts
 * @param nodelay TCP_NODELAY on accepted connections (tcp(7))
 * @param receiveBufferBytes SO_RCVBUF, set on the listener so that it counts for the window scale; 0 = the kernel's default
 * @param sendBufferBytes SO_SNDBUF, 0 = the kernel's default
 * @param deferAcceptSeconds TCP_DEFER_ACCEPT, 0 = unset (tcp(7))
 * @param fastOpenQueue TCP_FASTOPEN queue length, 0 = unset (tcp(7))
 * @param protocol what is spoken
 * @param closeOnAccept what happens after accept(2), only used by {@link ServedProtocol#NONE}
 * @param tls how connections are secured; absent = not
 * @param observeIntervalMillis time between kernel observations, 0 = none are made
 */
public record CompanionSettings(
        String host,
        int port,
        int backlog,
        long acceptDelayNanos,
        boolean acceptPaused,
        int eventLoops,
        boolean nodelay,
        int receiveBufferBytes,
        int sendBufferBytes,
        int deferAcceptSeconds,
        int fastOpenQueue,
        ServedProtocol protocol,
        CloseOnAccept closeOnAccept,
        @Nullable ServedTls tls,
        int observeIntervalMillis) {

    public static final int FIRST_PORT = 9000;
    public static final int LAST_PORT = 9099;

    public static final CompanionSettings DEFAULTS = new CompanionSettings(
            "127.0.0.1", 0, 4096, 0, false, 1, true, 0, 0, 0, 0, ServedProtocol.TCPLAB, CloseOnAccept.NONE, null, 100);

    public CompanionSettings {
        within("port", port, 0, 65_535);
        within("backlog", backlog, 0, Integer.MAX_VALUE);
        within("accept delay in ns", acceptDelayNanos, 0, 3_600_000_000_000L);
        within("event loops", eventLoops, 1, 1024);
        within("receive buffer", receiveBufferBytes, 0, 1 << 30);
        within("send buffer", sendBufferBytes, 0, 1 << 30);
        within("defer accept in s", deferAcceptSeconds, 0, 3600);
        within("fast open queue", fastOpenQueue, 0, 1 << 20);
        within("observe interval in ms", observeIntervalMillis, 0, 60_000);
        if (protocol != ServedProtocol.NONE && !closeOnAccept.equals(CloseOnAccept.NONE)) {
            throw new IllegalArgumentException("close on accept needs the protocol none, which says nothing");
        }
    }

    private static void within(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed is " + least + " … " + most);
        }
    }
}
