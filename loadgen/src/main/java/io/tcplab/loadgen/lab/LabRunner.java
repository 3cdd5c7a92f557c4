package io.tcplab.loadgen.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs experiments, several at a time because they mostly wait, each on a stage of its own and for a bounded time. What an interrupt or the
 * end of the process leaves is nothing: namespaces die with their threads.
 */
public final class LabRunner {
    private final Optional<String> obstacle;
    private final int parallel;
    private final Consumer<LabResult> listener;
    private final @Nullable Path packets;

    // Workers read it before each experiment; interrupt() writes it.
    private volatile boolean interrupted;

    /**
     * Makes a runner.
     *
     * @param obstacle why there can be no namespaces here, if so: experiments that need them are then untestable
     * @param parallel how many run at a time
     * @param listener told of each result as it comes, one at a time
     */
    public LabRunner(Optional<String> obstacle, int parallel, Consumer<LabResult> listener) {
        this(obstacle, parallel, listener, null);
    }

    /** As the other; {@code packets} is the file for the packets of the one experiment that is run. */
    LabRunner(Optional<String> obstacle, int parallel, Consumer<LabResult> listener, @Nullable Path packets) {
        this.packets = packets;
        this.obstacle = obstacle;
        this.parallel = parallel;
        this.listener = listener;
    }

    /** Lets no further experiment begin. */
    public void interrupt() {
        interrupted = true;
    }

    /** Whether it was interrupted. */
    public boolean interrupted() {
        return interrupted;
    }

    /** Runs each {@code repeat} times and answers one result each, in their order; fewer after an interrupt. */
    public List<LabResult> run(List<Experiment> experiments, int repeat) {
        Map<String, List<LabResult>> runs = new LinkedHashMap<>();
        experiments.forEach(each -> runs.put(each.card().id(), new ArrayList<>()));
        List<Experiment> work = new ArrayList<>();
        for (int i = 0; i < repeat; i++) {
            work.addAll(experiments);
        }
        // The slowest first, so that none is left alone at the end; the order of equals stays.
        work.sort(Comparator.comparingInt((Experiment each) -> each.card().budgetSeconds())
                .reversed());
        try (ExecutorService workers = Executors.newFixedThreadPool(
                parallel, Thread.ofPlatform().daemon(true).name("lab-", 0).factory())) {
            for (Experiment each : work) {
                workers.execute(() -> {
                    if (!interrupted) {
                        took(runs, once(each), repeat);
                    }
                });
            }
        }
        return experiments.stream()
                .map(each -> runs.getOrDefault(each.card().id(), List.of()))
                .filter(results -> !results.isEmpty())
                .map(LabRunner::summed)
                .toList();
    }

    private synchronized void took(Map<String, List<LabResult>> runs, LabResult result, int repeat) {
        List<LabResult> own = runs.getOrDefault(result.card().id(), new ArrayList<>());
        own.add(result);
        if (own.size() == repeat) {
            listener.accept(summed(own));
        }
    }

    /** The commonest answer, and how common it is. */
    private static LabResult summed(List<LabResult> results) {
        LabResult commonest = results.getLast();
        int most = 0;
        for (LabResult each : results) {
            int same = (int) results.stream().filter(each::alike).count();
            if (same > most) {
                most = same;
                commonest = each;
            }
        }
        LabResult chosen = commonest;
        List<String> others = results.stream()
                .filter(each -> !each.alike(chosen))
                .map(each -> each.word() + ": " + each.reason())
                .toList();
        return chosen.counted(most, results.size(), others);
    }

    private LabResult once(Experiment experiment) {
        Card card = experiment.card();
        Optional<String> reason = whyNot(card);
        if (reason.isPresent()) {
            return new LabResult(
                    card, true, Verdict.UNTESTABLE, reason.get(), Map.of(), Evidence.NONE, 0, 1, 1, List.of());
        }
        AtomicReference<@Nullable Stage> stage = new AtomicReference<>();
        CompletableFuture<LabResult> done = new CompletableFuture<>();
        Thread player = Thread.ofPlatform()
                .daemon(true)
                .name("lab-" + card.id())
                .unstarted(() -> done.complete(play(experiment, stage)));
        player.start();
        try {
            return done.get(card.budgetSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException _) {
            player.interrupt();
            return failed(card, stage.get(), "it took longer than " + card.budgetSeconds() + " s");
        } catch (Exception e) {
            player.interrupt();
            return failed(card, stage.get(), "it was interrupted: " + e.getMessage());
        }
    }

    private Optional<String> whyNot(Card card) {
        if (card.needs().isEmpty()) {
            return Optional.empty();
        }
        return obstacle.or(() -> card.needs().stream()
                .map(Need::missing)
                .flatMap(Optional::stream)
                .findFirst());
    }

    private Stage stage(Card card) throws Exception {
        return obstacle.isPresent()
                ? Stage.onLoopback()
                : card.needs().contains(Need.CABLE) ? Stage.overCable() : Stage.inNamespaces();
    }

    private LabResult play(Experiment experiment, AtomicReference<@Nullable Stage> known) {
        Card card = experiment.card();
        try (Stage stage = stage(card)) {
            known.set(stage);
            if (packets != null) {
                stage.packetsTo(packets);
            }
            try {
                Finding finding = experiment.run(stage);
                Map<Integer, Finding> claims = new LinkedHashMap<>();
                card.claims().forEach(number -> claims.put(number, finding));
                claims.putAll(stage.journal().claims());
                return new LabResult(
                        card,
                        true,
                        finding.verdict(),
                        finding.reason(),
                        claims,
                        stage.evidence(),
                        Journal.rounded(stage.seconds()),
                        1,
                        1,
                        List.of());
            } catch (ExpectationFailed e) {
                return failed(card, stage, String.valueOf(e.getMessage()));
            }
        } catch (Exception e) {
            return failed(card, null, e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private static LabResult failed(Card card, @Nullable Stage stage, String reason) {
        return new LabResult(
                card,
                false,
                Verdict.UNTESTABLE,
                "expectation failed: " + reason,
                Map.of(),
                stage == null ? Evidence.NONE : stage.evidence(),
                stage == null ? 0 : Journal.rounded(stage.seconds()),
                1,
                1,
                List.of());
    }
}
