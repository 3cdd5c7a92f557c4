package io.tcplab.loadgen.inspect;

import io.tcplab.kernel.Printable;
import io.tcplab.kernel.syscall.Errno;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLEngine;

/**
 * What a check has: connections to the server, a record of what it sees, and what earlier checks found. Connections that it
 * opens are closed with it. Several threads may open and write; each connection belongs to one.
 */
public final class Probe implements AutoCloseable {

    private static final int MOST_LINES = 60;
    private static final int CONNECTS_MILLIS = (int) (Contact.PATIENCE_NANOS / 1_000_000);

    /** No check waits longer than this for a server that limits connections per time. */
    private static final long PACED_NANOS = 25_000_000_000L;

    private final Subject subject;
    private final Inspector inspector;
    private final int connectsMillis;
    private final long beganNanos = System.nanoTime();
    private final List<Contact> contacts = new ArrayList<>();
    private final List<String> evidence = new ArrayList<>();
    private final Map<String, Double> times = new LinkedHashMap<>();
    private final Map<String, Long> figures = new LinkedHashMap<>();
    private final AtomicLong pacedNanos = new AtomicLong();

    // Set by any thread of the check.
    private volatile boolean refused;
    private volatile boolean outOfTurns;

    Probe(Subject subject, Inspector inspector) {
        this(subject, inspector, CONNECTS_MILLIS);
    }

    /** One that waits so long for an answer to its SYN. */
    Probe(Subject subject, Inspector inspector, int connectsMillis) {
        this.subject = subject;
        this.inspector = inspector;
        this.connectsMillis = connectsMillis;
    }

    /** The server that is asked. */
    public Subject subject() {
        return subject;
    }

    /** What the server answers to a plain GET. */
    public Baseline baseline() {
        return inspector.baseline();
    }

    /** The server's side of this host, where it is one of this namespace. */
    public Optional<Witness> witness() {
        return inspector.witness();
    }

    /** What an earlier check found; empty where it did not run. */
    public Optional<CheckResult> earlier(String id) {
        return inspector.earlier(id);
    }

    /** Opens a connection. */
    public Contact open() throws Unreachable {
        return open(_ -> {});
    }

    /** Opens a connection on a socket that is prepared before. */
    public Contact open(Contact.Preparation preparation) throws Unreachable {
        TlsClient tls = subject.tls();
        return tls == null ? openPlain(preparation) : openSecure(preparation, tls, List.of());
    }

    /** Whether a plain connection is established within this time; it is closed with the probe. */
    public boolean opensWithin(int millis) {
        try {
            Contact _ = openPlain(_ -> {}, millis);
            return true;
        } catch (Unreachable _) {
            return false;
        }
    }

    /** Whether the server speaks MPTCP on a connection that offers it; empty where this host cannot offer it, or none is taken. */
    public Optional<Boolean> speaksMultipath() {
        return Contact.speaksMultipath(subject.address(), inspector::opened);
    }

    /** Opens a connection and says what a script has to say before its first exchange. */
    public Contact openToAsk() throws Unreachable {
        return openToAsk(_ -> {});
    }

    /** As the other, on a socket that is prepared before. */
    public Contact openToAsk(Contact.Preparation preparation) throws Unreachable {
        Contact contact = open(preparation);
        ScriptTalk script = subject.script();
        if (script != null && !script.open(contact)) {
            throw new Unreachable("the script's opening is not answered as expected");
        }
        return contact;
    }

    /** One request and its response, in the protocol of the server. */
    public Answer ask(Contact contact) {
        return ask(contact, () -> {}, Contact.PATIENCE_NANOS);
    }

    /** As {@link #ask(Contact)}; {@code sent} runs between the request and the response. */
    public Answer ask(Contact contact, Runnable sent, long withinNanos) {
        ScriptTalk script = subject.script();
        if (script != null) {
            return script.exchange(contact, sent, withinNanos);
        }
        Contact.Sent request = contact.send(subject.get());
        sent.run();
        return contact.answer(request.errno() == Errno.EAGAIN ? 0 : withinNanos);
    }

    /** Opens a connection by TLS, with these versions only where any is named. */
    public Contact openSecure(Contact.Preparation preparation, TlsClient tls, List<String> versions)
            throws Unreachable {
        // Made before the connection, whose server may have little patience for a handshake: the first engine takes
        // long.
        SSLEngine engine = tls.engine(versions);
        Contact contact = openPlain(preparation);
        contact.secure(engine, () -> tls.isAskedForCertificate(engine));
        return contact;
    }

    /** Opens a connection without TLS. */
    public Contact openPlain(Contact.Preparation preparation) throws Unreachable {
        takeTurn();
        try {
            return openPlain(preparation, connectsMillis);
        } catch (Unreachable e) {
            // A port that cannot be used again is this side's affair.
            refused =
                    refused || !(interrupted() || String.valueOf(e.getMessage()).contains("EADDR"));
            throw e;
        }
    }

    private Contact openPlain(Contact.Preparation preparation, int withinMillis) throws Unreachable {
        if (interrupted()) {
            throw new Unreachable("the inspection was interrupted");
        }
        Contact contact = Contact.open(subject.address(), preparation, withinMillis, inspector::interrupted);
        inspector.opened(contact.local().getPort());
        synchronized (contacts) {
            contacts.add(contact);
        }
        return contact;
    }

    private void takeTurn() throws Unreachable {
        long at = inspector.answering().rate().turn();
        long wait = at - System.nanoTime();
        if (wait > 0 && pacedNanos.addAndGet(wait) > PACED_NANOS) {
            outOfTurns = true;
            throw new Unreachable("the server limits connections per time, and this check needs too many");
        }
        ConnectionRate.sleepUntil(at, inspector::interrupted);
    }

    /** Waits until a connection may be opened at once: who times an opening does so behind this. */
    public void awaitTurn() {
        ConnectionRate.sleepUntil(
                Math.min(inspector.answering().rate().nextNanos(), System.nanoTime() + PACED_NANOS),
                inspector::interrupted);
    }

    /** The same for several that have to begin together; throws Unreachable where the server never allows that. */
    public void awaitTurns(int connections) throws Unreachable {
        ConnectionRate rate = inspector.answering().rate();
        if (!rate.allowsAtOnce(connections)) {
            outOfTurns = true;
            throw new Unreachable("the server limits connections per time, and this check needs several at once");
        }
        ConnectionRate.sleepUntil(
                Math.min(rate.nextNanos(connections), System.nanoTime() + PACED_NANOS), inspector::interrupted);
    }

    /** Whether the server is known to limit connections or requests per time. */
    public boolean isLimited() {
        return inspector.answering().limit() != null;
    }

    /** Whether it went without connections that it needed, as its turns would have been too late. */
    boolean isOutOfTurns() {
        return outOfTurns;
    }

    /**
     * Whether the server turned a connection away that had given it no reason: it was not taken, ended before anything was sent, or
     * answered by a status that says busy. Where the check found something, or nothing, every end at once may be that.
     */
    boolean isTurnedAway(Finding finding) {
        boolean looks = finding.verdict().isFinding() || finding.verdict() == CheckVerdict.NOT_OBSERVED;
        int usual =
                inspector.baselineIfAny().map(each -> each.answer().status()).orElse(0);
        synchronized (contacts) {
            return refused
                    || contacts.stream()
                            .anyMatch(each -> each.endedUnasked()
                                    || (each.busyStatus() != 0 && each.busyStatus() != usual)
                                    || (looks && each.endedAtOnce()));
        }
    }

    /** Whether a signal has ended the inspection: what waits by itself has to stop, and what it saw is no finding. */
    public boolean interrupted() {
        return inspector.interrupted();
    }

    /** Whether a new connection is answered within five seconds; taken, where nothing is asked. */
    public boolean serverAnswers() {
        Reply reply = inspector.answering().reply();
        refused = refused || reply.isTurnedAway();
        return reply.answers();
    }

    /** How long to wait for what most servers do within {@code nanos}: one that is slow has twice its usual time more. */
    public long limit(long nanos) {
        return nanos + 2 * inspector.usualNanos();
    }

    /** A line of evidence, with the seconds since the check began. What came from the server is made printable. */
    public void note(String line) {
        synchronized (evidence) {
            if (evidence.size() < MOST_LINES) {
                evidence.add(String.format(
                        Locale.ROOT, "%8.3f s  %s", (System.nanoTime() - beganNanos) / 1e9, Printable.line(line)));
            }
        }
    }

    /** A span, as evidence; answers it in seconds. */
    public double time(String name, long nanos) {
        double seconds = Math.round(nanos / 1e5) / 1e4;
        synchronized (evidence) {
            times.put(name, seconds);
        }
        note(name + ": " + seconds(nanos));
        return seconds;
    }

    /** A count, as evidence. */
    public long figure(String name, long value) {
        synchronized (evidence) {
            figures.put(name, value);
        }
        note(name + ": " + value);
        return value;
    }

    /** A span in words: {@code 3.002 s}, {@code 41.2 ms}. */
    public static String seconds(long nanos) {
        return nanos >= 1_000_000_000L
                ? String.format(Locale.ROOT, "%.3f s", nanos / 1e9)
                : String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
    }

    CheckResult result(CheckCard card, Finding finding) {
        List<Integer> ports;
        synchronized (contacts) {
            ports = contacts.stream()
                    .map(contact -> contact.local().getPort())
                    .distinct()
                    .toList();
        }
        List<String> segments = inspector.segments(ports, beganNanos);
        synchronized (evidence) {
            return new CheckResult(
                    card,
                    finding,
                    List.copyOf(evidence),
                    segments,
                    new LinkedHashMap<>(times),
                    new LinkedHashMap<>(figures),
                    Math.round((System.nanoTime() - beganNanos) / 1e6) / 1e3);
        }
    }

    @Override
    public void close() {
        synchronized (contacts) {
            contacts.forEach(Contact::close);
        }
    }
}
