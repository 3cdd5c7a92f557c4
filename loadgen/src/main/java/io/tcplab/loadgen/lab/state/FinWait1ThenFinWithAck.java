package io.tcplab.loadgen.lab.state;

import static io.tcplab.kernel.TcpState.TIME_WAIT;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.cable.Segment;
import io.tcplab.kernel.syscall.Forks;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** S12: ACK and FIN arrive as one segment, traced inside the kernel. */
public final class FinWait1ThenFinWithAck implements Experiment {
    private static final String TRACEFS = "/sys/kernel/tracing";

    // The trace is of the whole host and told apart by the port, so that each run has one of its own.
    private static final AtomicInteger NEXT_PORT = new AtomicInteger(29_700);

    @Override
    public Card card() {
        return Card.of("S12", "FIN_WAIT1 passes through FIN_WAIT2 even when FIN and ACK come together")
                .hypothesis("FIN_WAIT1 that receives FIN and ACK in one segment goes straight to TIME_WAIT.")
                .claims(7)
                .needs(Need.BPFTRACE)
                .verifies("The state changes that the kernel itself reports, in their order.")
                .because("After a request and a reply the server's ACK and FIN are one segment, as in C2.")
                .reading("RFC 9293 §3.3.2, net/ipv4/tcp_input.c tcp_rcv_state_process, bpftrace(8)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        int port = NEXT_PORT.getAndIncrement();
        Listener listener = lab.server().listen(port, 16);
        Process trace = Forks.start(new ProcessBuilder(tracer(port)).redirectErrorStream(true));
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        Thread reader = Thread.ofPlatform().daemon(true).start(() -> read(trace, lines));
        try {
            boolean ready =
                    lab.comes(() -> lines.contains("ready") || !trace.isAlive(), 18_000) && lines.contains("ready");
            if (!ready) {
                reader.join(2000);
                return Finding.untestable("the kernel's trace cannot be read here, run it as root: "
                        + String.join(" ", lines).strip());
            }
            Connection connection = lab.connected(listener);
            connection.client().send(10);
            connection.server().read();
            connection.server().send(10);
            connection.client().read();
            connection.client().close();
            connection.server().readAll();
            connection.server().close();
            lab.expect(connection.client(), TIME_WAIT);
            List<Segment> fins = lab.awaitSegments("two FINs", 2, s -> s.has(Segment.FIN));
            lab.expect(
                    fins.getLast().acknowledgement() == fins.getFirst().nextSequence(),
                    "the server's FIN acknowledges the client's");
            boolean ended = lab.comes(() -> states(lines).contains("CLOSE"), 4000);
            List<String> names = states(lines);
            lab.expect(ended, "the trace goes on to CLOSE: " + names);
            lab.note("the kernel reports " + names);
            lab.expect(names.contains("FIN_WAIT1"), "the trace shows FIN_WAIT1: " + names);
            return Finding.holdsIf(
                    !names.contains("FIN_WAIT2"),
                    "the kernel's own trace shows " + String.join(" → ", names)
                            + " (where CLOSE stands for the TIME_WAIT that takes over)");
        } finally {
            trace.destroyForcibly();
        }
    }

    private static List<String> states(List<String> lines) {
        return List.copyOf(lines).stream()
                .filter(line -> line.startsWith("state "))
                .map(line -> TcpState.of(Integer.parseInt(line.substring(6))).name())
                .toList();
    }

    /**
     * A program that ends with the thread that started it, however that ends (prctl(2) PR_SET_PDEATHSIG). The tracepoint is found below
     * tracefs; where that is not mounted it is, in a mount namespace that ends with the program.
     */
    private static List<String> tracer(int port) {
        String trace = "tracepoint:sock:inet_sock_set_state /args->dport == " + port
                + "/ { printf(\"state %d\\n\", args->newstate); } BEGIN { printf(\"ready\\n\"); } interval:s:30 { exit(); }";
        String script = "test -d " + TRACEFS + "/events || mount -t tracefs tracefs " + TRACEFS
                + " || exit; exec bpftrace -B none -e \"$1\"";
        List<String> command = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL", "unshare", "-m"));
        command.addAll(List.of("sh", "-c", script, "tracer", trace));
        return command;
    }

    private static void read(Process trace, List<String> into) {
        try {
            trace.inputReader().lines().forEach(into::add);
        } catch (UncheckedIOException _) {
            into.add("the trace has ended");
        }
    }
}
