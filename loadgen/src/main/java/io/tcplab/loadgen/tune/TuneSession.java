package io.tcplab.loadgen.tune;

import io.tcplab.kernel.host.HostFacts;
import io.tcplab.loadgen.compare.Contender;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.TuneKeys;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.rounds.LeftoverWait;
import io.tcplab.loadgen.rounds.RoundPlace;
import io.tcplab.loadgen.rounds.RoundRunner;
import io.tcplab.loadgen.rounds.RoundsSession;
import io.tcplab.loadgen.rounds.Where;
import io.tcplab.loadgen.run.BadUsage;
import io.tcplab.loadgen.run.ExitCode;
import io.tcplab.loadgen.run.Isolation;
import io.tcplab.loadgen.run.OrderlyEnd;
import io.tcplab.loadgen.run.Output;
import io.tcplab.loadgen.run.RemoteOptions;
import io.tcplab.loadgen.run.RunResult;
import io.tcplab.loadgen.view.View;
import io.tcplab.loadgen.watch.Leftovers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A tuning from request to result: cells, rounds, verdicts, files, and what is printed. */
public final class TuneSession {

    private static final int USUAL_REPEAT = 5;
    private static final int FEWEST_FOR_TIMES = 6;

    private final TuneRequest request;
    private final RemoteOptions remote;
    private final Output output;
    private final TuneKeys keys;
    private final Profile base;
    private final Where where;
    private final int repeat;

    /** Reads the profile; nothing is opened yet. */
    public TuneSession(TuneRequest request, RemoteOptions remote, Output output) {
        this.request = request;
        this.remote = remote;
        this.output = output;
        this.keys = TuneKeys.read(request.file());
        this.base = request.read(request.fixed());
        this.where = where(request.place(), base);
        this.repeat = chosen(request.repeat(), keys.repeat(), USUAL_REPEAT);
    }

    private static Where where(@Nullable Where asked, Profile base) {
        if (base.target() == null) {
            return asked == null ? Where.NETNS : asked;
        }
        if (asked != null && asked != Where.NONE) {
            throw new BadUsage(
                    "The target " + base.target()
                            + " cannot be reached from an isolated cell, which has its own companion: remove --isolate or the target.");
        }
        return Where.NONE;
    }

    /** Tunes; everything that was made is gone when it returns or throws. */
    public ExitCode run() throws CannotRun {
        List<Cell> cells = request.cells(keys);
        Set<Knob> knobs = cells.stream()
                .flatMap(cell -> cell.settings().keySet().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (where == Where.NONE && knobs.stream().anyMatch(knob -> knob.kind() != Knob.Kind.PROFILE_KEY)) {
            throw new BadUsage("Sysctls of this host are never changed: try profile keys with --set"
                    + " PATH=V1,V2, or remove the target and --isolate none.");
        }
        Integer parallel = request.parallel();
        if (where == Where.NONE && parallel != null && parallel > 1) {
            throw new BadUsage(
                    "--parallel needs isolated cells: on this host they run one after the other. Remove it.");
        }
        try (OrderlyEnd end = OrderlyEnd.onSignal();
                View view = output.view();
                RoundPlace place = where.open(remote, view)) {
            List<String> sysctls =
                    knobs.stream().filter(Knob::isSysctl).map(Knob::key).toList();
            Map<String, String> defaults = sysctls.isEmpty() ? Map.of() : place.sysctls(sysctls);
            Set<Knob> absent = knobs.stream()
                    .filter(knob -> knob.isSysctl() && !defaults.containsKey(knob.key()))
                    .collect(Collectors.toSet());
            return run(place, plans(cells, absent), new CellRun(knobs, absent, defaults, where), end);
        }
    }

    private Map<Cell, Profile> plans(List<Cell> cells, Set<Knob> absent) {
        Map<Cell, Profile> plans = new LinkedHashMap<>();
        for (Cell cell : new LinkedHashSet<>(
                cells.stream().map(each -> each.without(absent)).toList())) {
            List<String> sets = new ArrayList<>(request.fixed());
            sets.addAll(cell.sets());
            plans.put(cell, Contender.round(request.read(sets), Long.MAX_VALUE, Long.MAX_VALUE));
        }
        return plans;
    }

    private ExitCode run(RoundPlace place, Map<Cell, Profile> plans, CellRun cellRun, OrderlyEnd end) throws CannotRun {
        ResultsDirectory results = RoundsSession.directory(output, "tune-" + base.name());
        RoundsSession rounds = new RoundsSession(output, repeat, results, place);
        RoundRunner runner = rounds.runner();
        Leftovers before = Leftovers.read();
        boolean host = where == Where.NONE;
        LeftoverWait leftovers =
                new LeftoverWait(host ? Isolation.NONE : Isolation.NETNS, base.target() == null, runner::interrupted);
        int together = host ? 1 : chosen(request.parallel(), keys.parallel(), 1);
        List<List<RunResult>> all = rounds.run(List.copyOf(plans.keySet()), together, end, (cell, round) -> {
            leftovers.awaitFew();
            Isolation isolation = where == Where.NONE ? Isolation.NONE : cell.isolation();
            return runner.run(Objects.requireNonNull(plans.get(cell)), isolation, cell.name(), round);
        });
        if (all.stream().anyMatch(List::isEmpty)) {
            return rounds.tooEarly();
        }
        List<String> names = plans.keySet().stream().map(Cell::name).toList();
        List<String> notes = new ArrayList<>(List.of(RoundsSession.before(before)));
        notes.addAll(leftovers.notes());
        notes.addAll(rounds.interruption(all));
        notes.addAll(RoundsSession.doubts(names, all));
        notes.addAll(RoundsSession.failedActions(names, all));
        if (repeat < FEWEST_FOR_TIMES) {
            notes.add("with " + repeat
                    + " rounds, only counts were judged (connections, errors, TIME_WAITs,"
                    + " kernel counters); times and CPU need --repeat " + FEWEST_FOR_TIMES + " or more.");
        }
        Tuning tuning = cellRun.judge(plans, all, HostFacts.read().kernelRelease());
        rounds.write(
                "tune",
                TuningJson.write(tuning, notes, before),
                TuningText.render(tuning, notes),
                () -> TuningHtml.of(tuning, notes, RoundsSession.directories(names, all)));
        rounds.writeJunit("tune", names, all);
        return rounds.exitCode(all);
    }

    private static int chosen(@Nullable Integer option, int written, int otherwise) {
        if (option != null) {
            return option;
        }
        return written > 0 ? written : otherwise;
    }
}
