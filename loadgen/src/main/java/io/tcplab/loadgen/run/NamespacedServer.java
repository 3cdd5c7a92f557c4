package io.tcplab.loadgen.run;

import io.tcplab.kernel.cable.Cable;
import io.tcplab.kernel.cable.CableReading;
import io.tcplab.kernel.cable.Capture;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.Signal;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.OwnServer;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.result.NetworkFigures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A started server on this host, on 127.0.0.1 of a network namespace of its own, or, where a network is played or packets are captured,
 * across a cable from its clients' namespace.
 */
public final class NamespacedServer implements StartedServer {

    private final StagedServer server;
    private final @Nullable IsolatedPair pair;
    private final @Nullable PlayedNetwork network;
    private final @Nullable Capture capture;

    private NamespacedServer(
            StagedServer server,
            @Nullable IsolatedPair pair,
            @Nullable PlayedNetwork network,
            @Nullable Capture capture) {
        this.server = server;
        this.pair = pair;
        this.network = network;
        this.capture = capture;
    }

    /**
     * Starts it and returns once it is ready; refuses a profile without a server of its own.
     *
     * @param packets the pcapng file for what goes over the cable, complete once it is closed; absent = none
     */
    public static StartedServer start(Profile profile, Isolation isolation, @Nullable Path packets) throws CannotRun {
        OwnServer own = profile.ownServer();
        if (own == null) {
            throw new BadUsage("The profile " + profile.name() + " starts no server: it has no server.command.");
        }
        if (!profile.faults().isEmpty() || profile.changesNetwork()) {
            throw new BadUsage(
                    "faults and actions.network belong to the time of a load: an inspection plays network alone.");
        }
        boolean cable = profile.needsCable() || packets != null;
        if (isolation == Isolation.NONE) {
            if (cable) {
                throw new CannotRun((packets == null ? "network needs" : "--pcap needs")
                        + " an isolated network: add --isolate netns.");
            }
            return new NamespacedServer(
                    StagedServer.start(own, ServerPlace.here(), NamespacedServer::isInterrupted), null, null, null);
        }
        IsolatedPair pair = IsolatedPair.create(profile, cable);
        try {
            return cable ? across(profile, own, pair, packets) : beside(profile, own, pair);
        } catch (CannotRun | RuntimeException e) {
            pair.close();
            throw e;
        }
    }

    /** A signal that comes before the server is ready ends the process at once. */
    private static boolean isInterrupted() {
        return false;
    }

    /** Both sides are one namespace here, so it has the sysctls of both. */
    private static NamespacedServer beside(Profile profile, OwnServer own, IsolatedPair pair) throws CannotRun {
        pair.set(pair.client(), profile.serverSysctls());
        StagedServer server =
                StagedServer.start(own, ServerPlace.loopbackOf(pair.client()), NamespacedServer::isInterrupted);
        return new NamespacedServer(server, pair, null, null);
    }

    private static NamespacedServer across(Profile profile, OwnServer own, IsolatedPair pair, @Nullable Path packets)
            throws CannotRun {
        StagedServer server = StagedServer.start(own, pair.serverPlace(), NamespacedServer::isInterrupted);
        try {
            PlayedNetwork network = PlayedNetwork.of(profile, pair, null, Path.of("."));
            Cable cable = pair.cable();
            Capture capture = packets == null || cable == null ? null : new Capture(packets.toAbsolutePath(), 0);
            if (cable != null) {
                cable.measureAnew();
                cable.countNamedAnew();
                cable.capture(capture);
            }
            return new NamespacedServer(server, pair, network, capture);
        } catch (IOException e) {
            server.close();
            throw new CannotRun(
                    "Packets cannot be written: " + e.getMessage() + "; choose another file with --pcap.", e);
        }
    }

    @Override
    public InetSocketAddress address() {
        return server.address();
    }

    @Override
    public @Nullable NetworkNamespace namespace() {
        return pair == null || pair.cable() == null ? null : pair.server();
    }

    @Override
    public boolean isolated() {
        return pair != null;
    }

    @Override
    public <T> T inside(Callable<T> work) throws CannotRun {
        try {
            return pair == null ? work.call() : pair.client().call(work);
        } catch (CannotRun | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new CannotRun("A step in the server's namespace failed: " + e.getMessage(), e);
        }
    }

    @Override
    public void freeze() {
        Errno _ = server.signal(Signal.STOP);
    }

    @Override
    public void thaw() {
        Errno _ = server.signal(Signal.CONT);
    }

    @Override
    public void stop() {
        server.stop();
    }

    @Override
    public void startAgain() throws CannotRun, IOException {
        server.startAgain();
    }

    @Override
    public ProcessBuilder beside(List<String> command) throws IOException {
        return server.beside(command);
    }

    @Override
    public List<String> lastLines() {
        return server.lastLines();
    }

    @Override
    public @Nullable NetworkFigures network() throws CannotRun {
        return network == null ? null : network.finish().figures();
    }

    @Override
    public void close() {
        server.close();
        endCapture();
        try {
            if (network != null) {
                network.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (pair != null) {
                pair.close();
            }
        }
    }

    private void endCapture() {
        Cable cable = pair == null ? null : pair.cable();
        if (capture == null || cable == null) {
            return;
        }
        try (capture) {
            // The file ends where the cable's counts were read last.
            CableReading _ = cable.read();
            cable.capture(null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
