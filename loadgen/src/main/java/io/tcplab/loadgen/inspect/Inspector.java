package io.tcplab.loadgen.inspect;

import io.tcplab.loadgen.inspect.CheckCard.Pace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server the questions of a catalogue. Quick checks go one after the other, those that wait for a timeout at the same
 * time, and those that build on others last. After each, the server must still answer: otherwise that is the finding, and the
 * rest waits for it to come back.
 */
final class Inspector {

    /** A server that is busy at first may be so because of whoever looked whether it was up. */
    private static final long[] FIRST_PAUSES_MILLIS = {1_000, 2_000, 4_000};

    private static final int MOST_AGAIN = 2;

    private final Subject subject;
    private final Optional<Witness> witness;
    private final Consumer<CheckResult> listener;
    private final Optional<WireLog> wire;
    private final Set<Integer> ports = ConcurrentHashMap.newKeySet();
    private final Map<String, CheckResult> results = new LinkedHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Answering answering;
    private @Nullable Baseline baseline;
    private long usualNanos;

    // Set by a signal's thread, read by every wait.
    private volatile boolean interrupted;

    /** {@code wire} is absent where segments are not seen. */
    Inspector(Subject subject, Optional<Witness> witness, Optional<WireLog> wire, Consumer<CheckResult> listener) {
        this.subject = subject;
        this.witness = witness;
        this.wire = wire;
        this.listener = listener;
        this.answering = new Answering(this);
    }

    /** Lets no further check begin, and ends the waits of those that run: what they saw is dropped. */
    void interrupt() {
        interrupted = true;
    }

    boolean interrupted() {
        return interrupted;
    }

    Subject subject() {
        return subject;
    }

    Baseline baseline() {
        return Objects.requireNonNull(baseline, "a check asks over HTTP where the server is not asked so");
    }

    /** Whether the server still answers, and how often it may be connected to. */
    Answering answering() {
        return answering;
    }

    /** How long a response took; 0 where nothing was asked. */
    long usualNanos() {
        return usualNanos;
    }

    Optional<Baseline> baselineIfAny() {
        return Optional.ofNullable(baseline);
    }

    Optional<Witness> witness() {
        return witness;
    }

    Optional<CheckResult> earlier(String id) {
        synchronized (results) {
            return Optional.ofNullable(results.get(id));
        }
    }

    void opened(int clientPort) {
        int _ = connections.incrementAndGet();
        boolean _ = ports.add(clientPort);
    }

    /** Every port that was connected from. */
    Set<Integer> ports() {
        return Set.copyOf(ports);
    }

    /** The segments of these connections since this moment, as far as they are seen here. */
    List<String> segments(List<Integer> clientPorts, long sinceNanos) {
        return wire.map(log -> log.lines(clientPorts, sinceNanos)).orElse(List.of());
    }

    int connections() {
        return connections.get();
    }

    /**
     * The first look; throws Unreachable where no connection is taken, or an answer to GET does not come. Where others have used up a limit
     * of connections per time just before, it looks again.
     */
    void begin() throws Unreachable {
        for (long pause : FIRST_PAUSES_MILLIS) {
            if (look(false)) {
                return;
            }
            ConnectionRate.sleepUntil(System.nanoTime() + pause * 1_000_000, this::interrupted);
        }
        boolean _ = look(true);
    }

    /** Whether it was answered; one that is turned away is only where that is not the last look. */
    private boolean look(boolean last) throws Unreachable {
        try (Probe probe = new Probe(subject, this);
                Contact contact = probe.open()) {
            if (subject.http()) {
                Baseline first = Baseline.of(subject, contact);
                if (!last && (first.answer().isBusy() || contact.endedAtOnce())) {
                    return false;
                }
                if (!first.answer().came()) {
                    throw new Unreachable("GET " + subject.path() + " is answered by "
                            + first.answer().words() + contact.tlsFailure());
                }
                baseline = first;
                usualNanos = first.tookNanos();
            }
            ScriptTalk script = subject.script();
            if (script != null) {
                Answer answer = script.open(contact) ? probe.ask(contact) : null;
                if (answer == null || !answer.came()) {
                    throw new Unreachable("the script is not answered as it expects" + contact.tlsFailure());
                }
                usualNanos = Math.max(0, answer.lastNanos() - answer.askedNanos());
            }
            answering.begin(contact);
            return true;
        }
    }

    /** Runs the checks and answers their results in the order of the catalogue; fewer after an interrupt. */
    List<CheckResult> run(List<Check> checks) {
        of(checks, Pace.QUICK).forEach(this::alone);
        List<Check> patient = of(checks, Pace.PATIENT);
        if (earlier("B3")
                .map(CheckResult::finding)
                .filter(each -> each.verdict().isFinding())
                .isPresent()) {
            patient.forEach(this::alone);
        } else {
            together(patient);
        }
        of(checks, Pace.LAST).forEach(this::alone);
        return checks.stream()
                .flatMap(each -> earlier(each.card().id()).stream())
                .toList();
    }

    private static List<Check> of(List<Check> checks, Pace pace) {
        return checks.stream().filter(each -> each.card().pace() == pace).toList();
    }

    private void alone(Check check) {
        if (interrupted) {
            return;
        }
        Observed seen = observe(check);
        long askedNanos = System.nanoTime();
        Reply reply = check.asks(subject) ? answering.behind() : Reply.ANSWERED;
        for (int again = 0; !interrupted && answering.isLimited(seen, reply); again++) {
            if (again == MOST_AGAIN || seen.outOfTurns()) {
                seen = seen.limited(answering.limit());
                break;
            }
            seen = observe(check);
            askedNanos = System.nanoTime();
            reply = answering.behind();
        }
        // What a signal has cut short is no finding.
        if (interrupted) {
            return;
        }
        String away = answering.away(reply, askedNanos);
        took(
                away.isEmpty()
                        ? seen.result()
                        : stops(
                                seen.result(),
                                away,
                                "What this check does stops the server for everyone: look at its log at this time."));
    }

    private void together(List<Check> checks) {
        if (interrupted || checks.isEmpty()) {
            return;
        }
        List<Observed> all = beside(checks);
        long askedNanos = System.nanoTime();
        Reply reply = answering.behind();
        Optional<Observed> turned = all.stream().filter(Observed::isDisturbed).findFirst();
        boolean limited = !all.isEmpty() && answering.isLimited(turned.orElseGet(all::getFirst), reply);
        if (!interrupted && limited && turned.isPresent()) {
            List<Observed> disturbed =
                    all.stream().filter(Observed::isDisturbed).toList();
            boolean _ = all.removeAll(disturbed);
            beside(checks.stream()
                            .filter(check -> disturbed.stream().anyMatch(each -> each.is(check)))
                            .toList())
                    .forEach(each -> all.add(each.isDisturbed() ? each.limited(answering.limit()) : each));
            askedNanos = System.nanoTime();
            reply = answering.behind();
        }
        String away = interrupted ? "" : answering.away(reply, askedNanos);
        if (checks.size() > 1 && away.isEmpty()) {
            checks.forEach(check -> againAlone(check, all));
        }
        String ids =
                all.stream().map(each -> each.result().card().id()).sorted().collect(Collectors.joining(", "));
        all.forEach(each -> took(
                away.isEmpty()
                        ? each.result()
                        : stops(
                                each.result(),
                                away,
                                "One of " + ids + ", which run at the same time, stops the server for everyone:"
                                        + " --check with one of them shows which; look at its log at this time.")));
    }

    private List<Observed> beside(List<Check> checks) {
        List<Observed> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(
                checks.size(),
                Thread.ofPlatform().daemon(true).name("inspect-", 0).factory())) {
            checks.forEach(check -> threads.execute(() -> {
                Observed seen = observe(check);
                synchronized (all) {
                    if (!interrupted) {
                        all.add(seen);
                    }
                }
            }));
        }
        return all;
    }

    /**
     * Beside others, all of a few workers may be busy, for which Apache's event module ends idle connections early: what is harmful has to
     * be so alone.
     */
    private void againAlone(Check check, List<Observed> all) {
        all.replaceAll(each -> {
            boolean harmful = each.result().finding().verdict() == CheckVerdict.HARMFUL;
            if (!harmful || !each.is(check) || interrupted) {
                return each;
            }
            Observed again = observe(check);
            return interrupted ? each : again;
        });
    }

    private Observed observe(Check check) {
        try (Probe probe = new Probe(subject, this)) {
            Finding finding;
            RateLimit limit = answering.limit();
            try {
                finding = limit != null && answering.isSpent() ? Observed.tooMany(limit) : check.observe(probe);
            } catch (Unreachable e) {
                finding = Finding.notObserved("no connection", "a connection could not be opened: " + e.getMessage());
            }
            boolean found = finding.verdict().isFinding() || finding.verdict() == CheckVerdict.NOT_OBSERVED;
            return new Observed(
                    probe.result(check.card(), finding), probe.isTurnedAway(finding), found && probe.isOutOfTurns());
        }
    }

    private void took(CheckResult result) {
        synchronized (results) {
            results.put(result.card().id(), result);
        }
        listener.accept(result);
    }

    /** The finding where the server no longer answers. */
    private static CheckResult stops(CheckResult result, String away, String advice) {
        return result.with(
                Finding.harmful("the server stops answering", result.finding().sentence() + away, advice));
    }
}
