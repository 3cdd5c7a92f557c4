package io.tcplab.loadgen.cli;

import io.tcplab.kernel.host.HostFacts;
import io.tcplab.loadgen.compare.Contestants;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.TuneKeys;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.rounds.NamespacePlace;
import io.tcplab.loadgen.rounds.RoundPlace;
import io.tcplab.loadgen.rounds.RoundRunner;
import io.tcplab.loadgen.rounds.docker.ContainerPlace;
import io.tcplab.loadgen.run.RunResult;
import io.tcplab.loadgen.tune.Cell;
import io.tcplab.loadgen.tune.CellRun;
import io.tcplab.loadgen.tune.ComparisonHtml;
import io.tcplab.loadgen.tune.Knob;
import io.tcplab.loadgen.tune.Matrix;
import io.tcplab.loadgen.tune.Tuning;
import io.tcplab.loadgen.tune.TuningJson;
import io.tcplab.loadgen.tune.TuningText;
import io.tcplab.loadgen.watch.Leftovers;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Finds out what a setting does: one cell for each combination of values, each in fresh namespaces, round by round. */
@Command(
        name = "tune",
        description = {
            "Runs a profile under every combination of values of one or more settings, each in fresh network namespaces, and tells what"
                    + " each setting did: which counters prove it, what it changed, or that it has no effect.",
            "Without --sysctl and several-valued --set the profile's own tune key says what to try.",
        },
        mixinStandardHelpOptions = true)
final class TuneCommand implements Callable<Integer> {

    private static final int USUAL_REPEAT = 5;
    private static final int MOST_CELLS = 500;
    private static final int FEWEST_FOR_TIMES = 6;

    /** The knobs' side, for sysctls that do not name their own. */
    enum Side {
        CLIENT,
        SERVER
    }

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(paramLabel = "PROFILE", description = "The profile, a YAML file.")
    private Path file;

    @Mixin
    private ProfileOptions options;

    @Option(
            names = "--sysctl",
            paramLabel = "KEY=V1,V2",
            description = "Try these values of a sysctl; may be repeated. client:KEY or server:KEY names a side.")
    private List<String> sysctls = new ArrayList<>();

    @Option(
            names = "--side",
            paramLabel = "client|server",
            defaultValue = "client",
            description = "Whose sysctls they are.")
    private Side side = Side.CLIENT;

    /** Where the cells run. */
    enum Isolate {
        NETNS,
        DOCKER;

        RoundPlace open() throws CannotRun {
            return switch (this) {
                case NETNS -> {
                    RunCommand.enterUserNamespace();
                    yield new NamespacePlace();
                }
                case DOCKER -> ContainerPlace.open();
            };
        }
    }

    @Option(
            names = "--isolate",
            paramLabel = "netns|docker",
            defaultValue = "netns",
            description = "Each cell in fresh network namespaces, or in fresh containers of this host's Docker engine.")
    private Isolate isolate = Isolate.NETNS;

    @Option(names = "--pairwise", description = "Not every combination, but every two values of every two settings.")
    private boolean pairwise;

    @Option(names = "--repeat", paramLabel = "N", description = "Rounds of each cell; 5, or what the profile says.")
    private @Nullable Integer repeat;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            description = "Cells at the same time; 1, or what the profile says. Above 1 only counts can be trusted.")
    private @Nullable Integer parallel;

    @Option(names = "--out", paramLabel = "DIR", description = "Write the result into this directory.")
    private @Nullable Path out;

    @Option(names = "--json", description = "Print tune.json on stdout, and nothing else.")
    private boolean json;

    @Option(names = "--quiet", description = "Print nothing but errors.")
    private boolean quiet;

    @Override
    public Integer call() throws CannotRun {
        TuneKeys keys = TuneKeys.read(file);
        List<String> fixed = new ArrayList<>();
        List<Cell> cells = cells(keys, fixed);
        Set<Knob> knobs = cells.stream()
                .flatMap(cell -> cell.settings().keySet().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        Profile base = options.read(file, fixed);
        try (RoundPlace place = isolate.open()) {
            return tune(place, base, keys, cells, fixed, knobs);
        }
    }

    private int tune(
            RoundPlace place, Profile base, TuneKeys keys, List<Cell> cells, List<String> fixed, Set<Knob> knobs)
            throws CannotRun {
        Map<String, String> defaults = place.sysctls(
                knobs.stream().filter(Knob::isSysctl).map(Knob::key).toList());
        Set<Knob> absent = knobs.stream()
                .filter(knob -> knob.isSysctl() && !defaults.containsKey(knob.key()))
                .collect(Collectors.toSet());
        Map<Cell, Profile> plans = new LinkedHashMap<>();
        for (Cell cell : new LinkedHashSet<>(
                cells.stream().map(each -> each.without(absent)).toList())) {
            List<String> sets = new ArrayList<>(fixed);
            sets.addAll(cell.sets());
            plans.put(cell, Contestants.round(options.read(file, sets), Long.MAX_VALUE, Long.MAX_VALUE));
        }
        return tune(place, base, keys, plans, new CellRun(knobs, absent, defaults));
    }

    /** The cells that the options ask for, or else those of the profile; single-valued sets go to {@code fixed}. */
    private List<Cell> cells(TuneKeys keys, List<String> fixed) {
        Map<Knob, List<String>> values = new LinkedHashMap<>();
        for (String sysctl : sysctls) {
            add(sysctl, true, values);
        }
        for (String set : options.sets()) {
            if (split(set.substring(set.indexOf('=') + 1)).size() > 1) {
                add(set, false, values);
            } else {
                fixed.add(set);
            }
        }
        List<Cell> cells =
                values.isEmpty() ? Matrix.of(keys) : pairwise ? Matrix.pairwise(values) : Matrix.full(values);
        if (cells.isEmpty() || cells.size() > MOST_CELLS) {
            throw new ParameterException(
                    spec.commandLine(),
                    cells.isEmpty()
                            ? "nothing to try: give --sysctl KEY=V1,V2 or --set PATH=V1,V2, or a profile with a tune key"
                            : cells.size() + " cells are too many; try fewer values, or --pairwise");
        }
        return cells;
    }

    private void add(String expression, boolean sysctl, Map<Knob, List<String>> values) {
        int equals = expression.indexOf('=');
        if (equals <= 0 || equals == expression.length() - 1) {
            throw new ParameterException(spec.commandLine(), expression + " wants to be KEY=V1,V2");
        }
        String key = expression.substring(0, equals).strip();
        Knob.Kind kind = Knob.Kind.PROFILE_KEY;
        if (sysctl) {
            boolean server = key.startsWith("server:") || (side == Side.SERVER && !key.startsWith("client:"));
            kind = server ? Knob.Kind.SERVER_SYSCTL : Knob.Kind.CLIENT_SYSCTL;
            key = key.replaceFirst("^(client|server):", "");
            if (!key.matches("net(\\.[a-zA-Z0-9_-]+)+")) {
                throw new ParameterException(
                        spec.commandLine(),
                        key + " is no sysctl of a network namespace, such as net.ipv4.tcp_tw_reuse");
            }
        }
        values.put(new Knob(kind, key), split(expression.substring(equals + 1)));
    }

    /** Splits at commas outside brackets, so that {@code [a,b],[c]} is two values. */
    private static List<String> split(String values) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < values.length(); i++) {
            char each = values.charAt(i);
            if (each == '[' || each == '{') {
                depth++;
            } else if (each == ']' || each == '}') {
                depth--;
            }
            if (each == ',' && depth == 0) {
                parts.add(part.toString().strip());
                part.setLength(0);
            } else {
                part.append(each);
            }
        }
        parts.add(part.toString().strip());
        return parts;
    }

    private int tune(RoundPlace place, Profile base, TuneKeys keys, Map<Cell, Profile> plans, CellRun cellRun)
            throws CannotRun {
        ResultsDirectory results = RoundsOnTerminal.directory(out, "tune-" + base.name());
        RoundRunner runner = new RoundRunner(results.path(), place);
        Leftovers before = Leftovers.read(0, 1);
        int rounds = chosen(repeat, keys.repeat(), USUAL_REPEAT);
        int together = chosen(parallel, keys.parallel(), 1);
        RoundsOnTerminal terminal = new RoundsOnTerminal(spec.commandLine().getErr(), rounds, json || quiet, runner);
        List<Cell> cells = List.copyOf(plans.keySet());
        List<List<RunResult>> all = terminal.run(
                cells,
                together,
                (cell, round) ->
                        runner.run(Objects.requireNonNull(plans.get(cell)), cell.isolation(), cell.name(), round));
        if (all.stream().anyMatch(List::isEmpty)) {
            return terminal.tooEarly(results);
        }
        Tuning tuning = cellRun.judge(plans, all, HostFacts.read().kernelRelease());
        List<String> notes = new ArrayList<>(List.of(RoundsOnTerminal.before(before)));
        notes.addAll(terminal.interruption(all));
        notes.addAll(RoundsOnTerminal.doubts(cells.stream().map(Cell::name).toList(), all));
        if (rounds < FEWEST_FOR_TIMES) {
            notes.add("with " + rounds
                    + " rounds only counts were judged (connections, errors, TIME_WAITs, kernel counters); times and"
                    + " CPU want --repeat " + FEWEST_FOR_TIMES + " or more.");
        }
        String written = TuningJson.write(tuning, notes, before);
        String text = TuningText.render(tuning, notes);
        RoundsOnTerminal.write(results, "tune.json", written);
        RoundsOnTerminal.write(results, "tune.txt", text);
        List<String> names = cells.stream().map(Cell::name).toList();
        RoundsOnTerminal.writePage(
                results, () -> ComparisonHtml.of(tuning, notes, RoundsOnTerminal.directories(names, all)));
        PrintWriter stdout = spec.commandLine().getOut();
        if (json) {
            stdout.print(written);
        } else if (!quiet) {
            stdout.print(text);
            stdout.println("\nRounds, tune.json and report.html: " + results.path());
        }
        stdout.flush();
        terminal.end();
        return terminal.exitCode(all).code();
    }

    private static int chosen(@Nullable Integer option, int written, int otherwise) {
        if (option != null) {
            return Math.max(1, option);
        }
        return written > 0 ? written : otherwise;
    }
}
