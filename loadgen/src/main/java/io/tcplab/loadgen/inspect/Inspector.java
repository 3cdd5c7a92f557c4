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

    private static final long COMES_BACK_NANOS = 30_000_000_000L;
    private static final int LOOK_AGAIN_MILLIS = 250;

    private final Subject subject;
    private final Optional<Witness> witness;
    private final Consumer<CheckResult> listener;
    private final Optional<WireLog> wire;
    private final Set<Integer> ports = ConcurrentHashMap.newKeySet();
    private final Map<String, CheckResult> results = new LinkedHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();
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

    /** The first look; throws Unreachable where no connection is taken, or an answer to GET does not come. */
    void begin() throws Unreachable {
        try (Probe probe = new Probe(subject, this);
                Contact contact = probe.open()) {
            if (subject.http()) {
                Baseline first = Baseline.of(subject, contact);
                if (!first.answer().came()) {
                    throw new Unreachable("GET " + subject.path() + " is answered by "
                            + first.answer().words() + why(contact));
                }
                baseline = first;
                usualNanos = first.tookNanos();
            }
            ScriptTalk script = subject.script();
            if (script != null) {
                Answer answer = script.open(contact) ? probe.ask(contact) : null;
                if (answer == null || !answer.came()) {
                    throw new Unreachable("the script is not answered as it expects" + why(contact));
                }
                usualNanos = Math.max(0, answer.lastNanos() - answer.askedNanos());
            }
        }
    }

    private static String why(Contact contact) {
        return contact.tlsFailure().isEmpty() ? "" : ": TLS: " + contact.tlsFailure();
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
        CheckResult result = observe(check);
        // What a signal has cut short is no finding.
        if (interrupted) {
            return;
        }
        String away = check.asks(subject) ? away() : "";
        took(
                away.isEmpty()
                        ? result
                        : stops(
                                result,
                                away,
                                "What this check does stops the server for everyone: look at its log at this time."));
    }

    private void together(List<Check> checks) {
        if (interrupted || checks.isEmpty()) {
            return;
        }
        List<CheckResult> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(
                checks.size(),
                Thread.ofPlatform().daemon(true).name("inspect-", 0).factory())) {
            checks.forEach(check -> threads.execute(() -> {
                CheckResult result = observe(check);
                synchronized (all) {
                    if (!interrupted) {
                        all.add(result);
                    }
                }
            }));
        }
        String away = interrupted ? "" : away();
        if (checks.size() > 1 && away.isEmpty()) {
            checks.forEach(check -> againAlone(check, all));
        }
        String ids = all.stream().map(each -> each.card().id()).sorted().collect(Collectors.joining(", "));
        all.forEach(each -> took(
                away.isEmpty()
                        ? each
                        : stops(
                                each,
                                away,
                                "One of " + ids + ", which run at the same time, stops the server for everyone:"
                                        + " --check with one of them shows which; look at its log at this time.")));
    }

    /**
     * Beside others, all of a few workers may be busy, for which Apache's event module ends idle connections early: what is harmful has to
     * be so alone.
     */
    private void againAlone(Check check, List<CheckResult> all) {
        all.replaceAll(each -> {
            boolean harmful = each.finding().verdict() == CheckVerdict.HARMFUL;
            if (!harmful || !each.card().id().equals(check.card().id()) || interrupted) {
                return each;
            }
            CheckResult again = observe(check);
            return interrupted ? each : again;
        });
    }

    private CheckResult observe(Check check) {
        try (Probe probe = new Probe(subject, this)) {
            Finding finding;
            try {
                finding = check.observe(probe);
            } catch (Unreachable e) {
                finding = Finding.notObserved("no connection", "a connection could not be opened: " + e.getMessage());
            }
            return probe.result(check.card(), finding);
        }
    }

    private void took(CheckResult result) {
        synchronized (results) {
            results.put(result.card().id(), result);
        }
        listener.accept(result);
    }

    /** Whether a new connection is answered within five seconds; taken, where nothing is asked. */
    boolean answers() {
        try (Probe probe = new Probe(subject, this);
                Contact contact = probe.openToAsk()) {
            return subject.http()
                    ? contact.ask(subject.get("Connection: close")).came()
                    : !subject.answers() || probe.ask(contact).came();
        } catch (Unreachable _) {
            return false;
        }
    }

    /**
     * How the server did not answer a new connection, as the end of a sentence, once it answers again or half a minute is over; empty
     * where it does answer.
     */
    private String away() {
        long began = System.nanoTime();
        boolean back = answers();
        if (back || interrupted) {
            return "";
        }
        while (!back && !interrupted && System.nanoTime() - began < COMES_BACK_NANOS) {
            pause();
            back = answers();
        }
        return "; then the server did not answer a new connection" + (back ? ", and did again after " : " for ")
                + Probe.seconds(System.nanoTime() - began);
    }

    /** The finding where the server no longer answers. */
    private static CheckResult stops(CheckResult result, String away, String advice) {
        return result.with(
                Finding.harmful("the server stops answering", result.finding().sentence() + away, advice));
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_AGAIN_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
