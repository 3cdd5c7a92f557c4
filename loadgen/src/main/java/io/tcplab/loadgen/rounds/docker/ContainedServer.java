package io.tcplab.loadgen.rounds.docker;

import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.sockdiag.SockDiag;
import io.tcplab.kernel.sockdiag.TargetListeners;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.OwnServer;
import io.tcplab.loadgen.plan.OwnServer.Ready;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.result.NetworkFigures;
import io.tcplab.loadgen.run.BadUsage;
import io.tcplab.loadgen.run.HttpProbe;
import io.tcplab.loadgen.run.StartedServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A started server in a container of its own image, which clients of this host reach at the container's address. Its network namespace is
 * entered as a witness where that is permitted.
 */
public final class ContainedServer implements StartedServer {

    private static final long LOOK_NANOS = 50_000_000;
    private static final int CONNECT_MILLIS = 1_000;
    private static final int LAST_LINES = 50;
    private static final int FIRST_ERROR = 400;

    private final OwnServer plan;
    private final CellNetwork network;
    private final CellContainer container;
    private InetSocketAddress address = new InetSocketAddress(0);

    // Set by whoever starts it again, read by every thread that looks at the server's kernel.
    private volatile @Nullable NetworkNamespace namespace;

    private ContainedServer(OwnServer plan, CellNetwork network, CellContainer container) {
        this.plan = plan;
        this.network = network;
        this.container = container;
    }

    /** Starts it and returns once it is ready; refuses a profile that names no image, and one that needs a cable. */
    public static StartedServer start(Profile profile) throws CannotRun {
        OwnServer own = profile.ownServer();
        if (own == null) {
            throw new BadUsage("The profile " + profile.name() + " starts no server: it has no server.image.");
        }
        String image = own.image();
        if (image == null) {
            throw new CannotRun("server.command runs in a container only where its image is named:"
                    + " set server.image, or use --isolate netns.");
        }
        if (profile.needsCable()) {
            throw new CannotRun(
                    "network and faults need a cable of tcplab's, which lies between namespaces: use --isolate netns.");
        }
        Engine engine = Engine.find();
        if (engine.imageLabel(image, Image.PROGRAM_LABEL) == null) {
            throw new CannotRun(
                    "The image " + image + " is not on this host, and tcplab fetches none: docker pull " + image + ".");
        }
        CellNetwork network = CellNetwork.create(engine);
        ContainedServer server = new ContainedServer(
                own, network, new CellContainer(engine, image, "server", profile.serverSysctls()).in(network));
        boolean ready = false;
        try {
            server.container.run(own, ImageServer.environment(own));
            server.await();
            ready = true;
            return server;
        } finally {
            if (!ready) {
                server.close();
            }
        }
    }

    private void await() throws CannotRun {
        long began = System.nanoTime();
        container.refuseEnded(plan);
        address = new InetSocketAddress(container.address(), plan.port());
        enter();
        while (!(listens() && says())) {
            container.refuseEnded(plan);
            if (System.nanoTime() - began > plan.readyTimeoutNanos()) {
                throw new CannotRun("The container of " + plan.image() + " was not ready on port " + plan.port()
                        + " within "
                        + Duration.ofNanos(plan.readyTimeoutNanos()).toMillis() / 1e3 + " s"
                        + container.printed() + ".");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** An ordinary user may not: then the server's kernel is no witness, and everything else goes on. */
    private void enter() {
        leave();
        Long pid = container.state().getPidLong();
        if (pid != null && pid > 0) {
            try {
                namespace = NetworkNamespace.join("the container", Path.of("/proc", pid.toString(), "ns", "net"));
            } catch (IOException _) {
                namespace = null;
            }
        }
    }

    private void leave() {
        NetworkNamespace entered = namespace;
        namespace = null;
        if (entered != null) {
            entered.close();
        }
    }

    private boolean listens() throws CannotRun {
        NetworkNamespace entered = namespace;
        if (entered == null) {
            try (Socket socket = new Socket()) {
                socket.connect(address, CONNECT_MILLIS);
                return true;
            } catch (IOException _) {
                return false;
            }
        }
        try {
            return entered.call(() -> {
                try (SockDiag kernel = SockDiag.open()) {
                    return !TargetListeners.of(kernel.listeners(plan.port()), address.getAddress())
                            .isEmpty();
                }
            });
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new CannotRun("The container's sockets cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private boolean says() {
        return switch (plan.ready()) {
            case Ready.Connect _ -> true;
            case Ready.Log log -> container.said().contains(log.text());
            case Ready.Http http -> {
                int status = HttpProbe.status(address, http.path());
                yield status > 0 && status < FIRST_ERROR;
            }
        };
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public @Nullable NetworkNamespace namespace() {
        return namespace;
    }

    @Override
    public boolean isolated() {
        return namespace != null;
    }

    @Override
    public <T> T inside(Callable<T> work) throws CannotRun {
        try {
            return work.call();
        } catch (CannotRun | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new CannotRun("A step of the inspection failed: " + e.getMessage(), e);
        }
    }

    @Override
    public void freeze() {
        container.pause();
    }

    @Override
    public void thaw() {
        container.unpause();
    }

    @Override
    public void stop() {
        container.stop(Duration.ofNanos(plan.stopTimeoutNanos()));
    }

    @Override
    public void startAgain() throws CannotRun {
        container.startAgain();
        await();
    }

    /** On this host: what is to run in the container says so itself ({@code docker exec}). */
    @Override
    public ProcessBuilder beside(List<String> command) {
        return new ProcessBuilder(command);
    }

    @Override
    public List<String> lastLines() {
        return container.lastLines(LAST_LINES);
    }

    @Override
    public @Nullable NetworkFigures network() {
        return null;
    }

    @Override
    public void close() {
        leave();
        container.stop(Duration.ofNanos(plan.stopTimeoutNanos()));
        container.close();
        network.close();
    }
}
