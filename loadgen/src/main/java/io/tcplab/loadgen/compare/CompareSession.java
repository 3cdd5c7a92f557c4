package io.tcplab.loadgen.compare;

import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.result.ActionReport;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A comparison from profiles to result: rounds, differences, files, and what is printed. */
public final class CompareSession {

    /** Of rounds whose number the user set. */
    private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(3);
    /** Many short rounds say more than few long ones: a round is the unit whose noise is judged. */
    private static final long SHORT_ROUND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long PRACTICE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long WARMUP_NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * How the rounds are run.
     *
     * @param repeat of each contender; absent = as many as a verdict needs
     * @param find the smallest difference that is worth finding, as a share
     * @param asWritten whether a round lasts as long as its profile says
     * @param where of the rounds; absent = in fresh namespaces where that is possible
     */
    public record Rounding(
            @Nullable Integer repeat,
            double find,
            boolean asWritten,
            @Nullable Where where) {

        public Rounding {
            if (repeat != null && repeat < 1) {
                throw new BadUsage("--repeat must be at least 1.");
            }
        }
    }

    private final Map<String, Profile> plans;

    /** The control of each plan with actions, by the plan's name; run in the same rounds. */
    private final Map<String, Profile> controls = new LinkedHashMap<>();

    private final Rounding rounding;
    private final RemoteOptions remote;
    private final Gating gate;
    private final Output output;
    private final StoppingRule rule;

    public CompareSession(List<Profile> profiles, Rounding rounding, RemoteOptions remote, Gating gate, Output output) {
        this.plans = Contender.plans(profiles);
        this.rounding = rounding;
        this.remote = remote;
        this.gate = gate;
        this.output = output;
        if (!rounding.asWritten()) {
            long most = rounding.repeat() == null ? SHORT_ROUND_NANOS : ROUND_NANOS;
            plans.replaceAll((_, plan) -> Contender.round(plan, WARMUP_NANOS, most));
        }
        Contender.overOnePath(plans);
        plans.forEach((name, plan) -> {
            if (!plan.actions().isEmpty()) {
                controls.put(name, Control.of(plan));
            }
        });
        if (profiles.size() == 1) {
            List.copyOf(controls.keySet()).forEach(name -> plans.put(Control.name(name), controls.get(name)));
        }
        if (plans.size() < 2) {
            throw new BadUsage(profiles.getFirst().name()
                    + " has only one member in its mix, and no actions: give another profile to compare it with.");
        }
        Integer repeat = rounding.repeat();
        this.rule = repeat == null
                ? StoppingRule.sequential(plans.size(), rounding.find())
                : StoppingRule.single(repeat, plans.size(), rounding.find());
    }

    /** Contenders first, then the controls that are none. */
    private Map<String, Profile> all() {
        Map<String, Profile> all = new LinkedHashMap<>(plans);
        controls.forEach((name, control) -> all.putIfAbsent(Control.name(name), control));
        return all;
    }

    /** Compares. */
    public ExitCode run() throws CannotRun {
        Where where = where();
        try (RoundPlace place = where.open(remote, output.view())) {
            return run(where.isolation(), place);
        }
    }

    private ExitCode run(Isolation where, RoundPlace place) throws CannotRun {
        Map<String, Profile> running = all();
        List<String> names = List.copyOf(running.keySet());
        ResultsDirectory results = RoundsSession.directory(output, "compare-" + String.join("-", plans.keySet()));
        RoundsSession rounds = new RoundsSession(output, rule.most(), results, place);
        RoundRunner runner = rounds.runner();
        LeftoverWait leftovers = new LeftoverWait(
                where, plans.values().stream().allMatch(plan -> plan.target() == null), runner::interrupted);
        Leftovers before = Leftovers.read();
        try (OrderlyEnd end = OrderlyEnd.onSignal();
                View _ = output.view()) {
            output.view().says(rule.promise());
            List<List<RunResult>> all = rounds.runInTurns(
                    names,
                    end,
                    (name, round) -> {
                        Profile plan = Objects.requireNonNull(running.get(name));
                        if (round == 1) {
                            runner.practise(Contender.round(plan.withActions(List.of()), 0, PRACTICE_NANOS), where);
                        }
                        leftovers.awaitFew();
                        return runner.run(plan, where, name, round);
                    },
                    this::enough);
            if (all.stream().anyMatch(List::isEmpty)) {
                return rounds.tooEarly();
            }
            List<String> notes = new ArrayList<>(List.of(RoundsSession.before(before)));
            notes.addAll(leftovers.notes());
            notes.addAll(rounds.interruption(all));
            notes.addAll(RoundsSession.doubts(names, all));
            notes.addAll(RoundsSession.failedActions(names, all));
            Map<String, List<Path>> contenders = RoundsSession.directories(names, all);
            contenders.keySet().retainAll(plans.keySet());
            List<Gate> gates = gate.judge(contenders, rounding.find());
            write(rounds, names, all, notes, before, gates);
            return gate.exitCode(gates, rounds.exitCode(all));
        }
    }

    private void write(
            RoundsSession rounds,
            List<String> names,
            List<List<RunResult>> all,
            List<String> notes,
            Leftovers before,
            List<Gate> gates)
            throws CannotRun {
        List<ActionCost> costs = costs(names, all);
        Comparison comparison = Comparison.of(contenders(all), rule);
        rounds.write(
                "compare",
                ComparisonJson.write(comparison, rule, costs, notes, before, gates),
                ComparisonText.render(comparison, costs, notes) + Gating.text(gates),
                () -> ComparisonHtml.of(comparison, costs, notes, RoundsSession.directories(names, all)));
        Output.writeFile(gate.markdown(), () -> GateMarkdown.of(gates, notes));
        if (gates.isEmpty()) {
            rounds.writeJunit("compare", names, all);
        } else {
            output.writeJunit(() -> GateJunit.of(gates));
        }
    }

    /** At a look of the rule, whether every pair is decided. */
    private boolean enough(List<List<RunResult>> all) {
        return rule.looksAt(all.getFirst().size())
                && Comparison.of(contenders(all), rule).decided();
    }

    private List<Contender> contenders(List<List<RunResult>> all) {
        List<String> names = List.copyOf(plans.keySet());
        List<Contender> contenders = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            contenders.add(new Contender(
                    names.get(i),
                    all.get(i).stream()
                            .map(each -> ComparedFigure.of(each.summary()))
                            .toList()));
        }
        return contenders;
    }

    private List<ActionCost> costs(List<String> names, List<List<RunResult>> all) {
        Map<String, List<List<ActionReport>>> actions = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            actions.put(
                    names.get(i),
                    all.get(i).stream().map(each -> each.summary().actions()).toList());
        }
        List<ActionCost> costs = new ArrayList<>();
        controls.keySet()
                .forEach(name -> costs.addAll(ActionCost.of(
                        name,
                        Objects.requireNonNull(actions.get(name)),
                        Objects.requireNonNull(actions.get(Control.name(name))))));
        return costs;
    }

    private Where where() {
        Where asked = rounding.where();
        if (asked != null) {
            return asked;
        }
        boolean foreign = plans.values().stream().anyMatch(plan -> plan.target() != null);
        return !foreign && UserNamespace.obstacle().isEmpty() ? Where.NETNS : Where.NONE;
    }
}
