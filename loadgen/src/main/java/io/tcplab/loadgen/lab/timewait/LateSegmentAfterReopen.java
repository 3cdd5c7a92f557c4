package io.tcplab.loadgen.lab.timewait;

import io.tcplab.kernel.cable.Segment;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Forge;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Sock;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;

/** T17: a stale data segment arrives at an established connection. */
public final class LateSegmentAfterReopen implements Experiment {
    @Override
    public Card card() {
        return Card.of("T17", "A segment from the past is delivered without timestamps")
                .hypothesis("Stale segments are recognised.")
                .claims(23)
                .needs(Need.NAMESPACES)
                .verifies("An old segment is rejected by its timestamp; without timestamps the application reads it.")
                .because("The segment is in the window, so that only the timestamp identifies it as stale.")
                .reading("RFC 7323 §5 (PAWS), RFC 9293 §3.4.3, tcp(7) tcp_timestamps");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Connection guarded = lab.connected();
        long refused = stale(lab, guarded);
        lab.expectDelta(lab.server(), KernelCounter.PAWS_REJECTS, 1);
        lab.client().sysctl("net.ipv4.tcp_timestamps", 0);
        Connection open = lab.connected(guarded.listener());
        long delivered = stale(lab, open);
        lab.figure("stale bytes delivered with timestamps", refused);
        lab.figure("stale bytes delivered without", delivered);
        lab.expect(
                refused == 0 && delivered == 5,
                "refused with timestamps (" + refused + "), delivered without (" + delivered + ")");
        lab.claim(
                23,
                Finding.holds(
                        "without timestamps, the application read a stale segment: this is what TIME_WAIT prevents"));
        return Finding.conditional(
                "with timestamps it was rejected (PAWSEstab 1), without them the application read 5 bytes of it");
    }

    private static long stale(Stage lab, Connection connection) throws Exception {
        Sock client = connection.client();
        client.send(1);
        connection.server().read();
        Segment last = lab.awaitSegments(
                        "a byte of data",
                        1,
                        s -> lab.fromClient(s) && s.payloadBytes() == 1 && s.sourcePort() == client.localPort())
                .getFirst();
        long old = last.timestamp() < 0 ? -1 : last.timestamp() - 100_000 & 0xffff_ffffL;
        try (Forge forge = lab.client().forge(lab.server())) {
            forge.send(
                    client.localPort(),
                    client.remotePort(),
                    last.nextSequence(),
                    last.acknowledgement(),
                    Segment.ACK | Segment.PSH,
                    new byte[5],
                    old,
                    0);
        }
        return connection.server().read(400).value();
    }
}
