package io.tcplab.loadgen.run;

import io.tcplab.loadgen.watch.ServerProcess;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the load goes to: somebody's server, or a companion that lives as long as the run. */
interface TargetUnderTest extends AutoCloseable {

    InetSocketAddress address();

    /** All targets, the first one's address being {@link #address}. */
    default List<Located> located() {
        return List.of(Located.of(address()));
    }

    /** The address of each target. */
    default List<InetSocketAddress> addresses() {
        return located().stream().map(Located::address).toList();
    }

    /** The certificate (DER) that our companion has made for the run; absent = there is none, or the server is somebody's. */
    default byte @Nullable [] certificate() {
        return null;
    }

    /** What the companion counted, once the load is over; {@code null} for somebody's server. */
    default @Nullable ServerProcess finish() {
        return null;
    }

    @Override
    default void close() {}

    /** Servers that we did not start. */
    record Foreign(List<Located> located) implements TargetUnderTest {

        @Override
        public InetSocketAddress address() {
            return located.getFirst().address();
        }
    }
}
