package io.tcplab.loadgen.rounds.docker;

import io.tcplab.companion.ServedTls;
import io.tcplab.companion.control.SettingsJson;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.OwnServer;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileWriter;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.rounds.RoundPlace;
import io.tcplab.loadgen.run.Isolation;
import io.tcplab.loadgen.run.ProfileCompanion;
import io.tcplab.loadgen.run.RunResult;
import io.tcplab.loadgen.view.View;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Rounds in containers: the target in one, the generator in another, joined by a network of their own; for loopback both in one. The
 * generator learns through the target's control endpoint what the target's kernel counts.
 */
public final class ContainerPlace implements RoundPlace {

    private static final int PORT = 9000;
    private static final int CONTROL_PORT = 9100;
    private static final String TOKEN = "/tmp/observer-token";

    private final Engine engine;
    private final String image;

    /** All that were begun; one that has ended takes no notice of being killed. */
    private final Set<CellContainer> begun = ConcurrentHashMap.newKeySet();

    private final ContainedLoad load;

    private ContainerPlace(Engine engine, String image, View view) {
        this.engine = engine;
        this.image = image;
        this.load = new ContainedLoad(view);
    }

    /** Finds the engine and sees to the image; throws with a sentence that names the other way where there is none. */
    public static ContainerPlace open(View view) throws CannotRun {
        Engine engine = Engine.find();
        return new ContainerPlace(engine, Image.ready(engine), view);
    }

    @Override
    public Map<String, String> sysctls(Collection<String> keys) throws CannotRun {
        try (CellContainer fresh = container("defaults", Map.of()).withoutNetwork()) {
            fresh.idle();
            return fresh.sysctls().read(keys);
        }
    }

    @Override
    public RunResult run(Profile profile, Isolation isolation, Path out) throws CannotRun {
        if (profile.target() != null) {
            throw new CannotRun("--isolate docker starts a companion in its own container, from which "
                    + profile.target() + " cannot be reached: remove the target.");
        }
        refuseWhatNeedsNamespaces(profile, isolation);
        if (profile.needsCable()) {
            throw new CannotRun(
                    "network and faults need a cable of tcplab's, which lies between namespaces: use --isolate netns.");
        }
        ResultsDirectory into = directory(out);
        OwnServer own = profile.ownServer();
        HostFacts seenHere = switch (isolation) {
            case LOOPBACK -> together(profile, into);
            case NETNS, NONE -> own == null ? apart(profile, into) : withImage(profile, own, into);
        };
        return seenHere.result(profile, into);
    }

    private static void refuseWhatNeedsNamespaces(Profile profile, Isolation isolation) throws CannotRun {
        OwnServer own = profile.ownServer();
        if (own != null && own.image() == null) {
            throw new CannotRun("server.command cannot be started in a container of tcplab's, which has only a JVM:"
                    + " name its image (server.image), or use --isolate netns.");
        }
        if (own != null && isolation == Isolation.LOOPBACK) {
            throw new CannotRun("server.image has a network of its own, so it is not reached over loopback:"
                    + " use --isolate netns with server.command.");
        }
    }

    private CellContainer container(String role, Map<String, String> sysctls) {
        return container(image, role, sysctls);
    }

    private CellContainer container(String of, String role, Map<String, String> sysctls) {
        CellContainer container = new CellContainer(engine, of, role, sysctls);
        begun.add(container);
        return container;
    }

    /** The generator starts its companion itself, in its own container, over loopback. */
    private HostFacts together(Profile profile, ResultsDirectory into) throws CannotRun {
        try (CellContainer generator = container("generator", profile.clientSysctls());
                ContainerActions actions = new ContainerActions(profile, null)) {
            Profile part = ContainerActions.marksOf(profile).withoutSysctls();
            generator.withoutNetwork().with(ContainedLoad.PROFILE, ProfileWriter.write(part));
            generator.idle();
            load.generate(profile, generator, List.of(), actions, into);
            return new HostFacts(null, actions);
        }
    }

    private HostFacts apart(Profile profile, ResultsDirectory into) throws CannotRun {
        String token = UUID.randomUUID().toString();
        try (CellNetwork network = CellNetwork.create(engine);
                CellContainer target = container("target", profile.serverSysctls());
                CellContainer generator = container("generator", profile.clientSysctls());
                ContainerActions actions = new ContainerActions(profile, null)) {
            CellCertificate certificate = CellCertificate.of(profile);
            ServedTls shown = certificate == null ? ProfileCompanion.tls(profile) : certificate.shownBy(target);
            target.in(network)
                    .serve(
                            List.of(
                                    "serve",
                                    "--settings="
                                            + SettingsJson.write(
                                                    ProfileCompanion.settings(profile, "0.0.0.0", PORT, shown)),
                                    "--control=0.0.0.0:" + CONTROL_PORT,
                                    "--token=" + token),
                            "listening on");
            List<String> sources = network.sources(profile);
            Profile part = ContainedLoad.fit(ContainerActions.marksOf(profile), sources);
            generator.in(network).with(ContainedLoad.PROFILE, ProfileWriter.write(part));
            List<String> trust = certificate == null ? List.of() : certificate.trustedBy(generator);
            generator.idle(sources);
            List<String> words = new ArrayList<>(List.of(
                    "--target=" + target.address() + ":" + PORT,
                    "--observe=" + target.address() + ":" + CONTROL_PORT,
                    "--observe-token=" + token));
            words.addAll(trust);
            load.generate(profile, generator, words, actions, into);
            return new HostFacts(null, actions);
        }
    }

    /** The user's server in a container of its image, an observer beside it, and the generator. */
    private HostFacts withImage(Profile profile, OwnServer own, ResultsDirectory into) throws CannotRun {
        String asked = Objects.requireNonNull(own.image());
        if (engine.imageLabel(asked, Image.PROGRAM_LABEL) == null) {
            throw new CannotRun(
                    "The image " + asked + " is not on this host, and tcplab fetches none: docker pull " + asked + ".");
        }
        String token = UUID.randomUUID().toString();
        int control = own.port() == CONTROL_PORT ? CONTROL_PORT + 1 : CONTROL_PORT;
        try (CellNetwork network = CellNetwork.create(engine);
                ImageServer server = start(profile, own, asked, network, token, control);
                CellContainer generator = container("generator", profile.clientSysctls());
                ContainerActions actions = new ContainerActions(profile, server)) {
            List<String> sources = network.sources(profile);
            Profile part = ContainedLoad.fit(ContainerActions.marksOf(profile).withoutServer(), sources);
            generator.in(network).with(ContainedLoad.PROFILE, ProfileWriter.write(part));
            generator.idle(sources);
            load.generate(
                    profile,
                    generator,
                    List.of(
                            "--target=" + server.address() + ":" + own.port(),
                            "--observe=" + server.address() + ":" + control,
                            "--observe-token=" + token),
                    actions,
                    into);
            actions.end();
            return new HostFacts(server.finish(), actions);
        }
    }

    private ImageServer start(
            Profile profile, OwnServer own, String asked, CellNetwork network, String token, int control)
            throws CannotRun {
        boolean restarts = ContainerActions.restart(profile);
        Map<String, String> sysctls = profile.serverSysctls();
        CellContainer server = container(asked, "server", restarts ? Map.of() : sysctls);
        CellContainer observer =
                container("observer", restarts ? sysctls : Map.of()).with(TOKEN, token);
        CellContainer host = restarts ? observer : server;
        host.in(network);
        return ImageServer.start(
                own,
                sysctls,
                server,
                observer,
                host,
                List.of("observe", "--port=" + own.port(), "--control=0.0.0.0:" + control, "--token-file=" + TOKEN));
    }

    private static ResultsDirectory directory(Path out) throws CannotRun {
        try {
            return ResultsDirectory.at(out);
        } catch (IOException e) {
            throw new CannotRun(
                    "The results directory cannot be created: " + e.getMessage() + "; choose another with --out.", e);
        }
    }

    /** Ends the load as a signal to its generator does, where one runs; otherwise everything. */
    void endLoad() {
        if (!load.end()) {
            interrupt();
        }
    }

    @Override
    public void interrupt() {
        load.interrupt();
        begun.forEach(CellContainer::kill);
    }

    @Override
    public void close() {
        begun.forEach(CellContainer::close);
    }
}
