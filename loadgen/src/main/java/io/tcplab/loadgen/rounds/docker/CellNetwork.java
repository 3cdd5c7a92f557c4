package io.tcplab.loadgen.rounds.docker;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Network.Ipam;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.Network;

/**
 * A network of one cell: 198.18.n.0/24, of the range for benchmarks (RFC 2544), cut off from everything else. 198.18.0.0/24 is left to
 * docker-compose.yml, and 198.18.255.0/24 to the engine itself.
 */
final class CellNetwork implements AutoCloseable {

    private static final int MOST = 254;
    private static final int MOST_SOURCES = 150;
    private static final Pattern OURS = Pattern.compile("198\\.18\\.(\\d{1,3})\\..*");

    /** Of this process, taken but perhaps not yet known to the engine. */
    private static final Set<Integer> TAKEN = new HashSet<>();

    private final Engine engine;
    private final int number;
    private final Network network;

    private CellNetwork(Engine engine, int number, Network network) {
        this.engine = engine;
        this.number = number;
        this.network = network;
    }

    static CellNetwork create(Engine engine) throws CannotRun {
        DockerException last = null;
        for (int tries = 0; tries < MOST; tries++) {
            int number = take(engine);
            try {
                Network network = Network.builder()
                        .createNetworkCmdModifier(command -> {
                            Map<String, String> labels = new HashMap<>(Owner.labels());
                            if (command.getLabels() != null) {
                                labels.putAll(command.getLabels());
                            }
                            command.withName("tcplab-" + ProcessHandle.current().pid() + "-" + number)
                                    .withInternal(true)
                                    .withLabels(labels)
                                    .withIpam(new Ipam().withConfig(new Ipam.Config().withSubnet(subnet(number))));
                        })
                        .build();
                network.getId(); // makes it
                return new CellNetwork(engine, number, network);
            } catch (DockerException e) {
                give(number);
                if (!String.valueOf(e.getMessage()).contains("overlap")) {
                    throw Engine.refused("Docker makes no network " + subnet(number), e);
                }
                last = e; // another process was quicker
            }
        }
        throw noneLeft(last);
    }

    private static CannotRun noneLeft(@Nullable Exception last) {
        String sentence = "Every network of 198.18.0.0/16 is in use by Docker: docker network prune.";
        return last == null ? new CannotRun(sentence) : new CannotRun(sentence, last);
    }

    private static String subnet(int number) {
        return "198.18." + number + ".0/24";
    }

    private static int take(Engine engine) throws CannotRun {
        Set<Integer> used = new HashSet<>();
        for (var network : engine.client().listNetworksCmd().exec()) {
            if (network.getIpam() != null && network.getIpam().getConfig() != null) {
                for (Ipam.Config config : network.getIpam().getConfig()) {
                    Matcher ours = OURS.matcher(String.valueOf(config.getSubnet()));
                    if (ours.matches()) {
                        used.add(Integer.valueOf(ours.group(1)));
                    }
                }
            }
        }
        synchronized (TAKEN) {
            for (int number = 1; number <= MOST; number++) {
                if (!used.contains(number) && TAKEN.add(number)) {
                    return number;
                }
            }
        }
        throw noneLeft(null);
    }

    private static void give(int number) {
        synchronized (TAKEN) {
            TAKEN.remove(number);
        }
    }

    Network network() {
        return network;
    }

    /** An address of it that the engine gives to nobody: it counts from the beginning, and there are two containers. */
    private String freeAddress(int index) {
        return "198.18." + number + "." + (100 + index);
    }

    /** As many addresses of it as the profile has sources. */
    List<String> sources(Profile profile) throws CannotRun {
        int count = profile.client().sources().size();
        if (count > MOST_SOURCES) {
            throw new CannotRun("At most " + MOST_SOURCES + " source addresses fit into the network of a cell: set"
                    + " client.sources.");
        }
        List<String> sources = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sources.add(freeAddress(i));
        }
        return sources;
    }

    @Override
    public void close() {
        engine.removeNetwork(network.getId());
        network.close();
        give(number);
    }
}
