package io.tcplab.loadgen.run;

import io.tcplab.kernel.cable.Cable;
import io.tcplab.kernel.host.Sysctl;
import io.tcplab.kernel.host.SysctlRefused;
import io.tcplab.kernel.namespace.NamespacePair;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Network;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.watch.SideSettings;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connected pair of network namespaces for one run, with the profile's sysctls set and read back on each side. Everything of it
 * is gone when it is closed, and when the process ends in any way.
 */
final class IsolatedPair implements AutoCloseable {

    private static final String OWN_CLIENT_ADDRESS = "198.18.0.1";
    private static final int FIRST_EXTRA = 10;
    private static final int MOST_SOURCES = 240;

    private final NamespacePair pair;
    private final @Nullable Cable cable;

    private IsolatedPair(NamespacePair pair, @Nullable Cable cable) {
        this.pair = pair;
        this.cable = cable;
    }

    /**
     * Makes the pair, joined by a cable of ours where asked;
     * an ordinary user's process must have replaced itself by one in a user namespace before.
     */
    static IsolatedPair create(Profile profile, boolean cable) throws CannotRun {
        Optional<String> obstacle = UserNamespace.obstacle();
        if (obstacle.isPresent()) {
            throw new CannotRun(obstacle.get());
        }
        IsolatedPair isolation = joined(profile, cable);
        try {
            isolation.set(isolation.client(), profile.clientSysctls());
            isolation.set(isolation.server(), profile.serverSysctls());
            isolation.addSources(profile);
            return isolation;
        } catch (CannotRun | RuntimeException e) {
            isolation.close();
            throw e;
        }
    }

    /** By a veth pair, or by a cable of ours. */
    private static IsolatedPair joined(Profile profile, boolean cable) throws CannotRun {
        NamespacePair pair;
        try {
            pair = cable ? NamespacePair.createApart() : NamespacePair.create();
        } catch (IOException e) {
            throw new CannotRun("The network namespaces cannot be created: " + e.getMessage(), e);
        }
        if (!cable) {
            return new IsolatedPair(pair, null);
        }
        try {
            long seed = profile.seed() == null ? 0 : profile.seed();
            Network asked = profile.path();
            return new IsolatedPair(pair, Cable.begin(pair, asked.settings(), asked.deviceMtu(), seed));
        } catch (IOException e) {
            pair.close();
            throw new CannotRun(
                    "The cable between the namespaces cannot be laid: " + e.getMessage()
                            + "; in a container add --cap-add NET_RAW --cap-add NET_ADMIN --cap-add SYS_ADMIN.",
                    e);
        }
    }

    /** What carries packets between the two; null where a veth pair does. */
    @Nullable
    Cable cable() {
        return cable;
    }

    /** Sets these sysctls in one of its namespaces, and throws where another value is read back. */
    void set(NetworkNamespace namespace, Map<String, String> sysctls) throws CannotRun {
        try {
            Map<String, String> readBack = NamespacePair.setSysctls(namespace, sysctls);
            for (Map.Entry<String, String> each : sysctls.entrySet()) {
                String now = readBack.getOrDefault(each.getKey(), "");
                if (!Sysctl.normalise(now).equals(Sysctl.normalise(each.getValue()))) {
                    throw new CannotRun("The sysctl " + each.getKey() + " was set to " + each.getValue() + " but reads "
                            + now + ": this kernel does not accept that value.");
                }
            }
        } catch (SysctlRefused e) {
            throw new CannotRun(String.valueOf(e.getMessage()), e);
        }
    }

    /** Source addresses of 198.18.0.0/24 are put on the client's device; loopback ones are there already. */
    private void addSources(Profile profile) throws CannotRun {
        for (InetAddress source : profile.client().sources()) {
            byte[] bytes = source.getAddress();
            boolean ours =
                    source instanceof Inet4Address && (bytes[0] & 0xFF) == 198 && bytes[1] == 18 && bytes[2] == 0;
            if (ours && !source.getHostAddress().equals(OWN_CLIENT_ADDRESS)) {
                try {
                    pair.addClientAddress(source.getHostAddress());
                } catch (IOException e) {
                    throw new CannotRun(
                            "The source address " + source.getHostAddress() + " cannot be added: " + e.getMessage(), e);
                }
            }
        }
    }

    /**
     * Returns the profile as it fits into a pair: source addresses of loopback, from which nothing can leave, become as many of the
     * client's own. A target of the user's cannot be reached from there.
     */
    static Profile fit(Profile profile) throws CannotRun {
        if (profile.target() != null) {
            throw new CannotRun("--isolate netns starts a companion in its own namespace, from which "
                    + profile.target() + " cannot be reached: remove the target, or the isolation.");
        }
        List<InetAddress> sources = new ArrayList<>();
        for (InetAddress source : profile.client().sources()) {
            if (source.getHostAddress().equals(NamespacePair.SERVER_ADDRESS)) {
                throw new CannotRun("client.sources has " + NamespacePair.SERVER_ADDRESS
                        + ", which is the server's own address with --isolate netns: leave it out.");
            }
            sources.add(source.isLoopbackAddress() ? ownSource(sources.size()) : source);
        }
        return sources.equals(profile.client().sources()) ? profile : profile.withSources(sources);
    }

    private static InetAddress ownSource(int number) throws CannotRun {
        if (number >= MOST_SOURCES) {
            throw new CannotRun(
                    "At most " + MOST_SOURCES + " source addresses fit into a pair of namespaces: set client.sources.");
        }
        try {
            return InetAddress.getByName(number == 0 ? OWN_CLIENT_ADDRESS : "198.18.0." + (FIRST_EXTRA + number));
        } catch (UnknownHostException e) {
            throw new AssertionError("a literal address needs no resolver", e);
        }
    }

    /** Runs on the client's namespace's own thread, from which threads and sockets inherit it. */
    RunResult inClient(Work work) throws CannotRun {
        try {
            return pair.client().call(work::run);
        } catch (CannotRun | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new CannotRun("The run in its namespaces failed: " + e.getMessage(), e);
        }
    }

    /** What is run inside. */
    interface Work {
        RunResult run() throws CannotRun;
    }

    /** What the server's namespace has set. */
    SideSettings serverSide() throws CannotRun {
        try {
            return pair.server().call(SideSettings::here);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new CannotRun("The server's namespace cannot be read: " + e.getMessage(), e);
        }
    }

    NetworkNamespace client() {
        return pair.client();
    }

    NetworkNamespace server() {
        return pair.server();
    }

    /** The server's end of the cable. */
    ServerPlace serverPlace() {
        return new ServerPlace(pair.server(), List.of(pair.serverAddress()));
    }

    @Override
    public void close() {
        if (cable != null) {
            cable.close();
        }
        pair.close();
    }
}
