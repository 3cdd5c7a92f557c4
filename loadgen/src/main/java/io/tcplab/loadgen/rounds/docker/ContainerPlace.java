package io.tcplab.loadgen.rounds.docker;

import io.tcplab.companion.ServedTls;
import io.tcplab.companion.control.SettingsJson;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.OwnServer;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileWriter;
import io.tcplab.loadgen.report.html.HtmlReport;
import io.tcplab.loadgen.result.JsonText;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.SummaryJson;
import io.tcplab.loadgen.rounds.RoundPlace;
import io.tcplab.loadgen.run.DueAction;
import io.tcplab.loadgen.run.Isolation;
import io.tcplab.loadgen.run.ProfileCompanion;
import io.tcplab.loadgen.run.RunResult;
import io.tcplab.loadgen.view.PipedRuns;
import io.tcplab.loadgen.view.PipedView;
import io.tcplab.loadgen.view.Undertaking;
import io.tcplab.loadgen.view.View;
import io.tcplab.loadgen.watch.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Rounds in containers: the target in one, the generator in another, joined by a network of their own; for loopback both in one. The
 * generator learns through the target's control endpoint what the target's kernel counts.
 */
public final class ContainerPlace implements RoundPlace {

    private static final int PORT = 9000;
    private static final int CONTROL_PORT = 9100;
    private static final String PROFILE = "/tmp/profile.yaml";
    private static final String RESULT = "/tmp/result";
    private static final String TOKEN = "/tmp/observer-token";
    private static final int MOST_SOURCES = 150;

    private static final Set<Integer> RAN = Set.of(0, 3, 4, 130);

    /** In this order: a directory with a summary is a finished run. */
    private static final List<String> FILES = List.of(
            ResultsDirectory.ENVIRONMENT,
            ResultsDirectory.LATENCIES,
            ResultsDirectory.TIMELINE,
            ResultsDirectory.REPORT,
            ResultsDirectory.SUMMARY);

    private final Engine engine;
    private final String image;
    private final View view;

    /** All that were begun; one that has ended takes no notice of being killed. */
    private final Set<CellContainer> begun = ConcurrentHashMap.newKeySet();

    /** Set by an interruption; volatile: threads that begin a round must see it. */
    private volatile boolean interrupted;

    /** Whose load runs; volatile: the thread of an interruption must see it. Of one run at a time. */
    private volatile @Nullable CellContainer generating;

    private ContainerPlace(Engine engine, String image, View view) {
        this.engine = engine;
        this.image = image;
        this.view = view;
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
            return fresh.sysctls(keys);
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
        Told told = switch (isolation) {
            case LOOPBACK -> together(profile, into);
            case NETNS, NONE -> own == null ? apart(profile, into) : withImage(profile, own, into);
        };
        return result(profile, told, into);
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

    /** What the generator's result does not have: the user's server, and what was done to it, which was done from here. */
    private record Told(@Nullable ServerProcess server, ContainerActions actions) {

        Summary addedTo(Summary summary) {
            Summary with = server == null ? summary : summary.with(server);
            return with.actions().isEmpty() ? with : with.with(actions.finish(with.actions()));
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
    private Told together(Profile profile, ResultsDirectory into) throws CannotRun {
        try (CellContainer generator = container("generator", profile.clientSysctls());
                ContainerActions actions = new ContainerActions(profile, null)) {
            Profile part = ContainerActions.marksOf(profile).withoutSysctls();
            generator.withoutNetwork().with(PROFILE, ProfileWriter.write(part));
            generator.idle();
            generate(profile, generator, List.of(), actions, into);
            return new Told(null, actions);
        }
    }

    private Told apart(Profile profile, ResultsDirectory into) throws CannotRun {
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
            List<String> sources = sources(profile, network);
            generator.in(network).with(PROFILE, ProfileWriter.write(fit(ContainerActions.marksOf(profile), sources)));
            List<String> trust = certificate == null ? List.of() : certificate.trustedBy(generator);
            generator.idle(sources);
            List<String> words = new ArrayList<>(List.of(
                    "--target=" + target.address() + ":" + PORT,
                    "--observe=" + target.address() + ":" + CONTROL_PORT,
                    "--observe-token=" + token));
            words.addAll(trust);
            generate(profile, generator, words, actions, into);
            return new Told(null, actions);
        }
    }

    /** The user's server in a container of its image, an observer beside it, and the generator. */
    private Told withImage(Profile profile, OwnServer own, ResultsDirectory into) throws CannotRun {
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
            List<String> sources = sources(profile, network);
            Profile part = ContainerActions.marksOf(profile).withoutServer();
            generator.in(network).with(PROFILE, ProfileWriter.write(fit(part, sources)));
            generator.idle(sources);
            generate(
                    profile,
                    generator,
                    List.of(
                            "--target=" + server.address() + ":" + own.port(),
                            "--observe=" + server.address() + ":" + control,
                            "--observe-token=" + token),
                    actions,
                    into);
            actions.end();
            return new Told(server.finish(), actions);
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

    private void generate(
            Profile profile,
            CellContainer generator,
            List<String> more,
            ContainerActions actions,
            ResultsDirectory into)
            throws CannotRun {
        if (interrupted) {
            throw new CannotRun("Interrupted.");
        }
        List<String> command = new ArrayList<>(List.of("tcplab", "run", PROFILE, "--quiet", "--out=" + RESULT));
        command.addAll(more);
        generating = generator;
        PipedRuns seen = new PipedRuns(view, Undertaking.of(profile), 1);
        String piped = seen.areSeen() ? " " + PipedView.ARGUMENT : "";
        String options = "TCPLAB_JAVA_OPTS=-Dtcplab.isolation=docker " + DueAction.OPTION + piped;
        CellContainer.Ended ended = generator.call(command, options, line -> {
            actions.line(line);
            seen.take(0, line);
        });
        generating = null;
        if (!RAN.contains(ended.exitCode())) {
            String said = ended.stderr().strip();
            throw new CannotRun(
                    said.isEmpty()
                            ? "The generator's container ended with exit code " + ended.exitCode() + "."
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
    private static RunResult result(Profile profile, Told told, ResultsDirectory into) throws CannotRun {
        try {
            Summary counted = SummaryJson.read(into.file(ResultsDirectory.SUMMARY));
            Summary summary = told.addedTo(counted);
            into.write(ResultsDirectory.PROFILE, ProfileWriter.write(profile.withSeed(summary.seed())));
            if (!summary.equals(counted)) {
                into.write(ResultsDirectory.SUMMARY, JsonText.of(summary));
                into.write(ResultsDirectory.REPORT, HtmlReport.fromDirectories(List.of(into.path())));
            }
            return new RunResult(summary, into.path());
        } catch (IOException e) {
            throw new CannotRun("The results cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /** Ends the load as a signal to its generator does, where one runs; otherwise everything. */
    void endLoad() {
        CellContainer current = generating;
        if (current == null || !current.endJava()) {
            interrupt();
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
