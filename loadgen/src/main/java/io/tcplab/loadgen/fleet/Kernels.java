package io.tcplab.loadgen.fleet;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.watch.SideSettings;
import org.jspecify.annotations.Nullable;

/**
 * The kernels that a generator looks at, by the name of their network namespace; absent where it is not known.
 *
 * @param port of the target: whose sockets are counted
 */
record Kernels(@Nullable String client, @Nullable String server, int port) {

    /** Of a generator whose namespace is the calling thread's. */
    static Kernels of(@Nullable SideSettings server, int port) {
        return new Kernels(SideSettings.here().namespace(), server == null ? null : server.namespace(), port);
    }

    /** A namespace that is not known counts as the same for all, so that nothing is counted twice. */
    String of(Side side) {
        String name = switch (side) {
            case CLIENT -> client;
            case SERVER -> server;
        };
        return name == null ? "unknown" : name;
    }
}
