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
                .order(
                        "Half of a request has come when the stop signal does; the rest of it follows while the server stops.")
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
        server.stop();
        long took = System.nanoTime() - began;
        probe.time("stopSeconds", took);
        Heard idleEnd = idle.ending(ENDS_NANOS).heard();
        Heard halfEnd = half.ending(ENDS_NANOS).heard();
        probe.note("idle connection: " + idleEnd.words() + "; half a request: " + halfEnd.words());
        again(probe, server);
        String observed = "idle: " + idleEnd.words() + "; half a request: " + halfEnd.words();
        String sentence = "stopped after " + Probe.seconds(took) + "; " + (asked ? "a kept" : "an idle")
                + " connection: " + idleEnd.words() + "; one in the middle of a request: " + halfEnd.words();
        return idleEnd instanceof Heard.Reset || halfEnd instanceof Heard.Reset
                ? Finding.unusual(
                        observed,
                        sentence,
                        "Clients see failures at each deployment: drain connections before the stop, or close them by FIN.")
                : Finding.asExpected(observed, sentence);
    }

    private static void again(Probe probe, StartedServer server) {
        try {
            server.startAgain();
        } catch (Exception e) {
            probe.note("it does not start again: " + e.getMessage());
        }
    }
}
