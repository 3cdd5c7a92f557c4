package io.tcplab.loadgen.lab.state;

import static io.tcplab.kernel.TcpState.TIME_WAIT;

import io.tcplab.kernel.TcpState;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Segment;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** S12: ACK and FIN arrive as one segment, traced inside the kernel. */
public final class FinWait1ThenFinWithAck implements Experiment {
    @Override
    public Card card() {
        return Card.of("S12", "FIN_WAIT1 passes through FIN_WAIT2 even when FIN and ACK come together")
                .hypothesis("FIN_WAIT1 that receives FIN and ACK in one segment goes straight to TIME_WAIT.")
                .claims(7)
                .needs(Need.BPFTRACE)
                .verifies("The state changes that the kernel itself reports, in their order.")
                .because("After a request and a reply the server's ACK and FIN are one segment, as in C2.")
                .reading("RFC 9293 §3.3.2, net/ipv4/tcp_input.c tcp_rcv_state_process");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Listener listener = lab.server().listen(29_771, 16);
        String program =
                "tracepoint:sock:inet_sock_set_state /args->dport == 29771/ { printf(\"state %d\\n\", args->newstate); } BEGIN { printf(\"ready\\n\"); }";
        Process trace = new ProcessBuilder("timeout", "20", "bpftrace", "-B", "none", "-e", program)
                .redirectErrorStream(true)
                .start();
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        Thread _ = Thread.ofPlatform().daemon(true).start(() -> read(trace, lines));
        try {
            boolean ready =
                    lab.comes(() -> lines.contains("ready") || !trace.isAlive(), 18_000) && lines.contains("ready");
            if (!ready) {
                return Finding.untestable("the kernel's trace cannot be read here: "
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
            lab.pause(300);
            List<String> names = lines.stream()
                    .filter(line -> line.startsWith("state "))
                    .map(line ->
                            TcpState.of(Integer.parseInt(line.substring(6))).name())
                    .toList();
            lab.note("the kernel reports " + names);
            lab.expect(names.contains("FIN_WAIT1"), "the trace shows FIN_WAIT1: " + names);
            return Finding.holdsIf(
                    !names.contains("FIN_WAIT2"),
                    "the kernel's own trace shows " + String.join(" → ", names)
                            + " (where CLOSE stands for the TIME_WAIT that takes over)");
        } finally {
            trace.destroy();
        }
    }

    private static void read(Process trace, List<String> into) {
        try {
            trace.inputReader().lines().forEach(into::add);
        } catch (UncheckedIOException _) {
            into.add("the trace has ended");
        }
    }
}
