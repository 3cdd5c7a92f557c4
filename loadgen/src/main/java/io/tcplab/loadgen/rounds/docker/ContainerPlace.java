package io.tcplab.loadgen.rounds.docker;

import io.tcplab.companion.control.SettingsJson;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileWriter;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.SummaryJson;
import io.tcplab.loadgen.rounds.RoundPlace;
import io.tcplab.loadgen.run.Isolation;
import io.tcplab.loadgen.run.ProfileCompanion;
import io.tcplab.loadgen.run.RunResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.ExecConfig;

/**
 * Rounds in containers: the target in one, the generator in another, joined by a network of their own; for loopback both in one. The
 * generator learns through the target's control endpoint what the target's kernel counts.
 */
public final class ContainerPlace implements RoundPlace {

    private static final int PORT = 9000;
    private static final int CONTROL_PORT = 9100;
    private static final String PROFILE = "/tmp/profile.yaml";
    private static final String RESULT = "/tmp/result";
    private static final int MOST_SOURCES = 150;

    private static final Set<Integer> RAN = Set.of(0, 3, 4);

    /** In this order: a directory with a summary is a finished run. */
    private static final List<String> FILES = List.of(
            ResultsDirectory.ENVIRONMENT,
            ResultsDirectory.LATENCIES,
            ResultsDirectory.TIMELINE,
            ResultsDirectory.REPORT,
            ResultsDirectory.SUMMARY);

    private final Engine engine;
    private final String image;

    /** All that were begun; one that has ended takes no notice of being killed. */
    private final Set<CellContainer> begun = ConcurrentHashMap.newKeySet();

    /** Set by an interruption; volatile: threads that begin a round must see it. */
    private volatile boolean interrupted;

    private ContainerPlace(Engine engine, String image) {
        this.engine = engine;
        this.image = image;
    }

    /** Finds the engine and sees to the image; throws with a sentence that names the other way where there is none. */
    public static ContainerPlace open() throws CannotRun {
        Engine engine = Engine.find();
        return new ContainerPlace(engine, Image.ready(engine));
    }

    @Override
    public Map<String, String> sysctls(Collection<String> keys) throws CannotRun {
        try (CellContainer fresh = container("defaults", Map.of()).withoutNetwork()) {
            fresh.idle();
            return fresh.sysctls(keys);
        }
    }

    @Override
    public RunResult run(Profile profile, Isolation isolation, Path out) throws CannotRun {
        if (profile.target() != null) {
            throw new CannotRun("--isolate docker starts a companion in its own container, from which "
                    + profile.target() + " cannot be reached: remove the target.");
        }
        if (profile.ownServer() != null) {
            throw new CannotRun("server.command cannot be started in a container of tcplab's, which has only a JVM:"
                    + " use --isolate netns.");
        }
        if (profile.needsCable()) {
            throw new CannotRun("network and faults need a cable of tcplab's, which lies between namespaces: use --isolate netns.");
        }
        ResultsDirectory into = directory(out);
        switch (isolation) {
            case LOOPBACK -> together(profile, into);
            case NETNS, NONE -> apart(profile, into);
        }
        return result(profile, into);
    }

    private CellContainer container(String role, Map<String, String> sysctls) {
        CellContainer container = new CellContainer(engine, image, role, sysctls);
        begun.add(container);
        return container;
    }

    /** The generator starts its companion itself, in its own container, over loopback. */
    private void together(Profile profile, ResultsDirectory into) throws CannotRun {
        try (CellContainer generator = container("generator", profile.clientSysctls())) {
            generator.withoutNetwork().with(PROFILE, ProfileWriter.write(profile.withoutSysctls()));
            generator.idle();
            generate(generator, List.of(), into);
        }
    }

    private void apart(Profile profile, ResultsDirectory into) throws CannotRun {
        String token = UUID.randomUUID().toString();
        try (CellNetwork network = CellNetwork.create(engine);
                CellContainer target = container("target", profile.serverSysctls());
                CellContainer generator = container("generator", profile.clientSysctls())) {
            target.in(network)
                    .serve(List.of(
                            "serve",
                            "--settings=" + SettingsJson.write(ProfileCompanion.settings(profile, "0.0.0.0", PORT)),
                            "--control=0.0.0.0:" + CONTROL_PORT,
                            "--token=" + token));
            List<String> sources = sources(profile, network);
            generator.in(network).with(PROFILE, ProfileWriter.write(fit(profile, sources)));
            generator.idle(sources);
            List<String> words = new ArrayList<>(List.of(
                    "--target=" + target.address() + ":" + PORT,
                    "--observe=" + target.address() + ":" + CONTROL_PORT,
                    "--observe-token=" + token));
            if (profile.tls() != null && profile.tls().ca() == null) {
                // The certificate is made in the other container, on a network of these two alone.
                words.addAll(List.of("--set", "tls.insecure=true"));
            }
            generate(generator, words, into);
        }
    }

    /** As many addresses of the cell's network as the profile has sources. */
    private static List<String> sources(Profile profile, CellNetwork network) throws CannotRun {
        int count = profile.client().sources().size();
        if (count > MOST_SOURCES) {
            throw new CannotRun("At most " + MOST_SOURCES + " source addresses fit into the network of a cell: set"
                    + " client.sources.");
        }
        List<String> sources = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sources.add(network.freeAddress(i));
        }
        return sources;
    }

    private static Profile fit(Profile profile, List<String> sources) {
        List<InetAddress> addresses = new ArrayList<>();
        for (String source : sources) {
            try {
                addresses.add(InetAddress.getByName(source));
            } catch (UnknownHostException e) {
                throw new AssertionError("a literal address needs no resolver", e);
            }
        }
        return profile.withSources(addresses).withoutSysctls();
    }

    private void generate(CellContainer generator, List<String> more, ResultsDirectory into) throws CannotRun {
        if (interrupted) {
            throw new CannotRun("Interrupted.");
        }
        List<String> command = new ArrayList<>(List.of("tcplab", "run", PROFILE, "--quiet", "--out=" + RESULT));
        command.addAll(more);
        ExecResult ended = generator.call(ExecConfig.builder()
                .command(command.toArray(new String[0]))
                .envVars(Map.of("TCPLAB_JAVA_OPTS", "-Dtcplab.isolation=docker"))
                .build());
        if (!RAN.contains(ended.getExitCode())) {
            String said = ended.getStderr().strip();
            throw new CannotRun(
                    said.isEmpty()
                            ? "The generator's container ended with exit code " + ended.getExitCode() + "."
                            : said.replaceFirst("^tcplab: ", ""));
        }
        for (String file : FILES) {
            generator.take(RESULT + "/" + file, into.file(file));
        }
    }

    private static ResultsDirectory directory(Path out) throws CannotRun {
        try {
            return ResultsDirectory.at(out);
        } catch (IOException e) {
            throw new CannotRun(
                    "The results directory cannot be created: " + e.getMessage() + "; choose another with --out.", e);
        }
    }

    /** The profile is written as it was meant, with the sysctls that the engine set, so that the run can be repeated from it. */
    private static RunResult result(Profile profile, ResultsDirectory into) throws CannotRun {
        try {
            Summary summary = SummaryJson.read(into.file(ResultsDirectory.SUMMARY));
            into.write(ResultsDirectory.PROFILE, ProfileWriter.write(profile.withSeed(summary.seed())));
            return new RunResult(summary, into.path());
        } catch (IOException e) {
            throw new CannotRun("The results cannot be read: " + e.getMessage() + ".", e);
        }
    }

    @Override
    public void interrupt() {
        interrupted = true;
        begun.forEach(CellContainer::kill);
    }

    @Override
    public void close() {
        begun.forEach(CellContainer::close);
    }
}
