package io.tcplab.loadgen.lab.flow;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.syscall.NativeSocket.Result;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;

/** F6: a megabyte in one direction. */
public final class OneAckForManySegments implements Experiment {
    @Override
    public Card card() {
        return Card.of("F6", "One ACK answers many segments")
                .hypothesis("Each segment is acknowledged.")
                .claims(53)
                .needs(Need.NAMESPACES)
                .verifies("Data segments and ACKs, by the kernel's own counters.")
                .because("The reader reads continuously, so that no ACK is a window update.")
                .reading("RFC 9293 §3.8.6.3, RFC 1122 §4.2.3.2, tcp(7) TCP_QUICKACK");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Connection connection = lab.connected();
        long wanted = 1_000_000;
        Thread sender =
                Thread.ofPlatform().daemon(true).start(() -> connection.client().send((int) wanted));
        long got = 0;
        while (got < wanted) {
            Result read = connection.server().read();
            lab.expect(read.ok() && read.value() > 0, "the megabyte arrives: " + read.errno());
            got += read.value();
        }
        sender.join(4000);
        long data = lab.figure("segments of data", lab.client().delta(KernelCounter.OUT_SEGMENTS));
        long acks = lab.figure("ACKs", lab.server().delta(KernelCounter.OUT_SEGMENTS));
        return Finding.holdsIf(acks >= data, data + " segments of data, " + acks + " ACKs for a megabyte");
    }
}
