package io.tcplab.companion;

/**
 * How a companion listens, accepts and serves, whatever it speaks: what the profile of a run may set.
 *
 * @param backlog the listen(2) argument
 * @param acceptDelayNanos pause before each accept(2), 0 = none; what waits stays in the kernel's accept queue
 * @param acceptPaused accept nothing until told to
 * @param eventLoops event loops that serve accepted connections; the first one accepts
 * @param nodelay TCP_NODELAY on accepted connections (tcp(7))
 * @param receiveBufferBytes SO_RCVBUF, set on the listener so that it counts for the window scale; 0 = the kernel's default
 * @param sendBufferBytes SO_SNDBUF, 0 = the kernel's default
 * @param deferAcceptSeconds TCP_DEFER_ACCEPT, 0 = unset (tcp(7))
 * @param fastOpenQueue TCP_FASTOPEN queue length, 0 = unset (tcp(7))
 */
public record AcceptSettings(
        int backlog,
        long acceptDelayNanos,
        boolean acceptPaused,
        int eventLoops,
        boolean nodelay,
        int receiveBufferBytes,
        int sendBufferBytes,
        int deferAcceptSeconds,
        int fastOpenQueue) {

    public static final AcceptSettings DEFAULTS = new AcceptSettings(4096, 0, false, 1, true, 0, 0, 0, 0);

    public AcceptSettings {
        within("backlog", backlog, 0, Integer.MAX_VALUE);
        within("accept delay in ns", acceptDelayNanos, 0, 86_400_000_000_000L);
        within("event loops", eventLoops, 1, 1024);
        within("receive buffer", receiveBufferBytes, 0, 1 << 30);
        within("send buffer", sendBufferBytes, 0, 1 << 30);
        within("defer accept in s", deferAcceptSeconds, 0, 32_767);
        within("fast open queue", fastOpenQueue, 0, 1 << 20);
    }

    /** Here, and not where CompanionSettings is: its DEFAULTS need these, whichever class is initialized first. */
    static void within(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed is " + least + " … " + most);
        }
    }

    /** Whether it takes what waits in the accept queue at once. */
    public boolean acceptsFreely() {
        return !acceptPaused && acceptDelayNanos == 0;
    }
}
