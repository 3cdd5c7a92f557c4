package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Answer;
import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.CheckCard.Pace;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Heard;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Subject;
import io.tcplab.loadgen.inspect.Unreachable;
import io.tcplab.loadgen.run.StartedServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** R1: a reload under a light load. */
public final class Reload implements Check {

    private static final int KEPT = 10;
    private static final long BEFORE_NANOS = 500_000_000L;
    private static final long AFTER_NANOS = 3_000_000_000L;
    private static final int EVERY_MILLIS = 20;
    private static final int MOST = 200;
    private static final long SLOW_NANOS = 500_000_000L;
    private static final int COMMAND_SECONDS = 20;
    private static final double SHORT_TIMEOUT_SECONDS = 6;

    @Override
    public CheckCard card() {
        return CheckCard.of("R1", "A reload")
                .pace(Pace.LAST)
                .costs(MOST + KEPT, MOST + 2 * KEPT)
                .observes("How many new and idle connections are refused, reset, delayed or"
                        + " closed while the server reloads (--reload COMMAND).")
                .matters("A reload that loses connections is a short outage at each deployment.")
                .order("Short connections come every 20 ms from half a second before the"
                        + " command to three seconds after it; ten others are idle.")
                .sources("granian#567", "haproxy#3472", "envoy#4602");
    }

    @Override
    public boolean asks(Subject subject) {
        return !subject.reload().isEmpty();
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        List<String> command = probe.subject().reload();
        if (command.isEmpty()) {
            return Finding.notObservable(
                    "no command is given that reloads the server", "--reload \"nginx -s reload\", or the like.");
        }
        List<Contact> kept = new ArrayList<>();
        for (int i = 0; i < KEPT; i++) {
            Contact contact = probe.open();
            Answer answer = contact.ask(probe.subject().get());
            if (answer.came() && !answer.ends()) {
                kept.add(contact);
            }
        }
        Load load = load(probe, command);
        Idle idle = idle(probe, kept);
        String sentence = load.requests + " requests: " + load.lost + " refused or lost, " + load.delayed
                + " delayed; of " + kept.size() + " idle connections " + idle.closed + " were closed"
                + (idle.lost > 0 ? " and " + idle.lost + " did not answer any more" : "")
                + (idle.expire ? " (their idle timeout may have come meanwhile)" : "");
        if (load.lost + idle.lost > 0) {
            return Finding.harmful(
                    "loses requests",
                    sentence,
                    "Hand the listening socket over instead of opening it again, and let old workers"
                            + " empty their accept queues (with SO_REUSEPORT each has its own).");
        }
        if (!load.command.isEmpty()) {
            return Finding.notObserved(
                    "no reload", "the command that reloads the server " + load.command + "; " + sentence);
        }
        return load.delayed > 0
                ? Finding.unusual(
                        "delays requests",
                        sentence,
                        "Look for a moment without a listener, or with a full accept queue.")
                : Finding.asExpected("nothing is lost", sentence);
    }

    /**
     * What became of idle connections.
     *
     * @param expire whether their idle timeout is so short that they are only looked at: a request may cross their close
     */
    private record Idle(int closed, int lost, boolean expire) {}

    private static Idle idle(Probe probe, List<Contact> kept) {
        boolean expire = probe.earlier("I1")
                .map(each -> each.times().get("closedAfterSeconds"))
                .filter(seconds -> seconds < SHORT_TIMEOUT_SECONDS)
                .isPresent();
        int closed = 0;
        int lost = 0;
        for (Contact contact : kept) {
            if (contact.hear(System.nanoTime()).isEnd()) {
                closed++;
            } else if (!expire) {
                lost += contact.ask(probe.subject().get()).came() ? 0 : 1;
            }
        }
        probe.figure("idleConnections", kept.size());
        probe.figure("idleClosed", closed);
        probe.figure("idleLost", lost);
        return new Idle(closed, lost, expire);
    }

    /**
     * What became of new connections.
     *
     * @param command why nothing is known of a reload, as the end of a sentence; empty where the command did its work
     */
    private record Load(int requests, int lost, int delayed, String command) {}

    private static Load load(Probe probe, List<String> command) {
        int[] fates = new int[3];
        long slow = probe.limit(SLOW_NANOS);
        long began = System.nanoTime();
        Process process = null;
        while (fates[0] < MOST && System.nanoTime() - began < BEFORE_NANOS + AFTER_NANOS && !probe.interrupted()) {
            if (process == null && System.nanoTime() - began >= BEFORE_NANOS) {
                process = start(probe, command);
            }
            fates[0]++;
            probe.awaitTurn();
            long asked = System.nanoTime();
            try (Contact contact = probe.open()) {
                Answer answer = contact.ask(probe.subject().get("Connection: close"));
                fates[2] += System.nanoTime() - asked > slow ? 1 : 0;
                if (!answer.came()) {
                    fates[1]++;
                    probe.note("request " + fates[0] + ": " + answer.words());
                }
                Heard _ = contact.ending(SLOW_NANOS).heard();
            } catch (Unreachable e) {
                fates[1]++;
                probe.note("request " + fates[0] + ": " + e.getMessage());
            }
            pause();
        }
        return new Load(fates[0], fates[1], fates[2], end(probe, process));
    }

    private static @Nullable Process start(Probe probe, List<String> command) {
        try {
            probe.note("runs " + command.getLast());
            StartedServer own = probe.subject().started();
            return (own == null ? new ProcessBuilder(command) : own.beside(command))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            probe.note("the command does not start: " + e.getMessage());
            return null;
        }
    }

    private static String end(Probe probe, @Nullable Process process) {
        if (process == null) {
            return "did not start";
        }
        boolean late = process.isAlive();
        try {
            boolean over = process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS);
            probe.note(over ? "the command ended with " + process.exitValue() : "the command is still running");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return late
                ? "took longer than the load beside it"
                : process.exitValue() == 0 ? "" : "ended with exit code " + process.exitValue();
    }

    private static void pause() {
        try {
            Thread.sleep(EVERY_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
