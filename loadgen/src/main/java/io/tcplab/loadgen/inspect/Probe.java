package io.tcplab.loadgen.inspect;

import io.tcplab.kernel.Printable;
import io.tcplab.kernel.syscall.Errno;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLEngine;

/**
 * What a check has: connections to the server, a record of what it sees, and what earlier checks found. Connections that it
 * opens are closed with it. Several threads may open and write; each connection belongs to one.
 */
public final class Probe implements AutoCloseable {

    private static final int MOST_LINES = 60;
    private static final int CONNECTS_MILLIS = (int) (Contact.PATIENCE_NANOS / 1_000_000);

    private final Subject subject;
    private final Inspector inspector;
    private final long beganNanos = System.nanoTime();
    private final List<Contact> contacts = new ArrayList<>();
    private final List<String> evidence = new ArrayList<>();
    private final Map<String, Double> times = new LinkedHashMap<>();
    private final Map<String, Long> figures = new LinkedHashMap<>();

    Probe(Subject subject, Inspector inspector) {
        this.subject = subject;
        this.inspector = inspector;
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
        contact.secure(engine);
        return contact;
    }

    /** Opens a connection without TLS. */
    public Contact openPlain(Contact.Preparation preparation) throws Unreachable {
        return openPlain(preparation, CONNECTS_MILLIS);
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

    /** Whether a signal has ended the inspection: what waits by itself has to stop, and what it saw is no finding. */
    public boolean interrupted() {
        return inspector.interrupted();
    }

    /** Whether a new connection is answered, or taken where nothing is asked. */
    public boolean serverAnswers() {
        return inspector.answers();
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
