package io.tcplab.loadgen.run;

import io.tcplab.kernel.namespace.DroppedSegments;
import io.tcplab.kernel.namespace.DroppedSegments.Direction;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.Signal;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.OwnServer;
import io.tcplab.loadgen.plan.Profile;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A profile's own server, started for something other than a load: on this host, or on 127.0.0.1 of a network namespace of its own. It and
 * its children are gone when it is closed.
 */
public final class StartedServer implements AutoCloseable {

    private final StagedServer server;
    private final @Nullable IsolatedPair pair;

    private StartedServer(StagedServer server, @Nullable IsolatedPair pair) {
        this.server = server;
        this.pair = pair;
    }

    /** Starts it and returns once it is ready; refuses a profile without a server of its own. */
    public static StartedServer start(Profile profile, Isolation isolation) throws CannotRun {
        OwnServer own = profile.ownServer();
        if (own == null) {
            throw new BadUsage("The profile " + profile.name() + " starts no server: it has no server.command.");
        }
        if (profile.needsCable()) {
            throw new CannotRun(
                    "The server is reached over loopback here, which has no network to be played: remove network and"
                            + " faults from the profile.");
        }
        if (isolation == Isolation.NONE) {
            return new StartedServer(StagedServer.start(own, ServerPlace.here()), null);
        }
        IsolatedPair pair = IsolatedPair.create(profile, false);
        try {
            return new StartedServer(StagedServer.start(own, ServerPlace.loopbackOf(pair.client())), pair);
        } catch (CannotRun | RuntimeException e) {
            pair.close();
            throw e;
        }
    }

    /** Where clients in its namespace reach it. */
    public InetSocketAddress address() {
        return server.address();
    }

    /** Whether it has a network namespace of its own. */
    public boolean isolated() {
        return pair != null;
    }

    /** Does this in its network namespace; threads that are started there are in it too. */
    public <T> T inside(Callable<T> work) throws CannotRun {
        try {
            return pair == null ? work.call() : pair.client().call(work);
        } catch (CannotRun | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new CannotRun("A step in the server's namespace failed: " + e.getMessage(), e);
        }
    }

    /** Stops all of its processes (SIGSTOP): it accepts and answers nothing until {@link #thaw}. */
    public Errno freeze() {
        return server.signal(Signal.STOP);
    }

    /** Lets them go on. */
    public Errno thaw() {
        return server.signal(Signal.CONT);
    }

    /** Ends it as its profile says, and returns when it has ended. */
    public void stop() {
        server.stop();
    }

    /** Starts it once more. */
    public void startAgain() throws CannotRun, IOException {
        server.startAgain();
    }

    /** Loses every segment between the server and this port of a client, both ways, until it is closed; needs a namespace of its own. */
    public DroppedSegments cutOff(int clientPort) throws IOException {
        IsolatedPair own = pair;
        if (own == null) {
            throw new IOException("only in a network namespace of its own");
        }
        return DroppedSegments.begin(
                own.client(),
                "inspect" + clientPort,
                List.of(Direction.ARRIVING),
                List.of("tcp sport " + clientPort, "tcp dport " + clientPort));
    }

    @Override
    public void close() {
        server.close();
        if (pair != null) {
            pair.close();
        }
    }
}
