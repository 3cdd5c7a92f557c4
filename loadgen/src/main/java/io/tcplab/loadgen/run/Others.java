package io.tcplab.loadgen.run;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.watch.SideSettings;
import org.jspecify.annotations.Nullable;

/**
 * What a generator agrees on with the others of its load: all are ready before any begins, all begin at one moment, and every kernel is
 * observed until the connections of all have ended. Its methods are called by the running thread, in this order, once each.
 */
public interface Others {

    /** A generator that is alone begins as soon as it can, and waits for nobody. */
    Others NONE = new Others() {
        @Override
        public void looksAt(@Nullable SideSettings server, int port) {
            // There is nobody to compare with.
        }

        @Override
        public long startNanos() {
            return LoadRun.soon();
        }

        @Override
        public void drained(long startLateNanos) {
            // There is nobody to wait for.
        }
    };

    /**
     * Which kernels are observed: the client's in the calling thread's namespace, and the server's.
     *
     * @param server absent where it is not observed, or not known
     * @param port of the target, whose sockets are counted
     */
    void looksAt(@Nullable SideSettings server, int port);

    /** Everything is ready: returns when the load is to begin, a {@link System#nanoTime} value. Throws where it is not to. */
    long startNanos() throws CannotRun;

    /** The own connections have ended: returns when those of all others have, too. */
    void drained(long startLateNanos);
}
