package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.CheckCard.Pace;
import io.tcplab.loadgen.inspect.CheckCard.Speaks;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Heard;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Subject;
import io.tcplab.loadgen.inspect.Unreachable;
import io.tcplab.loadgen.run.StartedServer;
import java.util.Arrays;

/** R2: the server stops with connections open. */
public final class Stop implements Check {

    private static final long ENDS_NANOS = 500_000_000L;
    private static final long READS_NANOS = 200_000_000L;
    private static final long DRAINS_NANOS = 2_000_000_000L;

    @Override
    public CheckCard card() {
        return CheckCard.of("R2", "A stop with connections open")
                .pace(Pace.LAST)
                .speaks(Speaks.ANYTHING)
                .costs(2, 2)
                .observes("How an idle connection and one in the middle of a request end when the"
                        + " server is stopped, and how long the stop takes.")
                .matters(
                        "Each deployment stops the old instance: requests in progress are lost if they are not drained.")
                .order("Half of a request has arrived when the stop signal comes; if the connection is still open two"
                        + " seconds later, the rest follows.")
                .sources("Kubernetes: terminationGracePeriodSeconds", "signal(7)");
    }

    @Override
    public boolean asks(Subject subject) {
        return subject.started() != null;
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        StartedServer server = probe.subject().started();
        if (server == null) {
            return Finding.notObservable("a server that tcplab did not start is not stopped", "--server PROFILE.");
        }
        Contact idle = probe.openToAsk();
        boolean asked = probe.subject().answers() && probe.ask(idle).came();
        Contact half = probe.openToAsk();
        byte[] request = probe.subject().firstBytes();
        byte[] first = Arrays.copyOf(request, request.length / 2);
        var _ = half.send(probe.subject().answers() ? first : new byte[0]);
        // Time to read it: a close with unread data would be an RST for that reason alone.
        Heard _ = half.hear(System.nanoTime() + READS_NANOS);
        long began = System.nanoTime();
        long[] endedNanos = {began};
        Runnable stop = () -> {
            server.stop();
            endedNanos[0] = System.nanoTime();
        };
        Contact.Ending halfEnd =
                stopped(stop, half, asked ? Arrays.copyOfRange(request, first.length, request.length) : new byte[0]);
        long took = endedNanos[0] - began;
        probe.time("stopSeconds", took);
        Heard idleEnd = idle.ending(ENDS_NANOS).heard();
        String halfWords =
                (halfEnd.bytes() > 0 ? "answered, " : "") + halfEnd.heard().words();
        probe.note("idle connection: " + idleEnd.words() + "; half a request: " + halfWords);
        again(probe, server);
        String observed = "idle: " + idleEnd.words() + "; half a request: " + halfWords;
        String sentence = "stopped after " + Probe.seconds(took) + "; " + (asked ? "a kept" : "an idle")
                + " connection: " + idleEnd.words() + "; one in the middle of a request: " + halfWords;
        return idleEnd instanceof Heard.Reset || halfEnd.heard() instanceof Heard.Reset
                ? Finding.unusual(
                        observed,
                        sentence,
                        "Clients see failures at each deployment: drain connections before the stop, or close them by FIN.")
                : Finding.asExpected(observed, sentence);
    }

    /** Stops it. Half a request that is open two seconds later is drained: then its rest follows. */
    private static Contact.Ending stopped(Runnable stopping, Contact half, byte[] rest) {
        Thread stop = Thread.ofPlatform().daemon(true).name("inspect-stop").start(stopping);
        Contact.Ending ending = half.ending(DRAINS_NANOS);
        if (!ending.heard().isEnd() && stop.isAlive()) {
            var _ = half.send(rest);
            ending = half.ending(Contact.PATIENCE_NANOS);
        }
        try {
            stop.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (ending.heard().isEnd()) {
            return ending;
        }
        Contact.Ending last = half.ending(ENDS_NANOS);
        return new Contact.Ending(last.heard(), ending.bytes() + last.bytes(), ending.text() + last.text());
    }

    private static void again(Probe probe, StartedServer server) {
        try {
            server.startAgain();
        } catch (Exception e) {
            probe.note("it does not start again: " + e.getMessage());
        }
    }
}
