package io.tcplab.loadgen.lab;

import io.tcplab.kernel.cable.Segment;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.namespace.NamespacePair;
import io.tcplab.kernel.syscall.Errno;
import java.net.InetAddress;

/** SYNs of a client that never answers. */
public final class SynFlood {

    private SynFlood() {}

    /**
     * Sends this many SYNs to a listener, from an address that is a dead end: its neighbour entry leads to a station that nobody
     * is, so that no answer ever comes back.
     */
    public static void send(Stage lab, Listener listener, int syns) throws Exception {
        InetAddress nobody = InetAddress.getByAddress(new byte[] {(byte) 198, 18, 0, 77});
        NamespacePair.ip(
                lab.pair().server(),
                "neigh replace 198.18.0.77 lladdr 02:00:00:00:00:77 dev "
                        + lab.pair().serverDevice());
        long before = lab.server().delta(KernelCounter.IN_SEGMENTS);
        try (Forge forge =
                lab.client().inside(() -> Forge.open(nobody, lab.server().address()))) {
            for (int i = 0; i < syns; i++) {
                Errno errno = forge.send(10_000 + i, listener.port(), 1000 + i, 0, Segment.SYN, new byte[0]);
                lab.expect(errno.ok(), "a forged SYN leaves: " + errno);
            }
        }
        lab.journal.step("client: sends " + syns + " SYNs from 198.18.0.77, which never answers");
        lab.expect(
                lab.comes(
                        () -> lab.server().delta(KernelCounter.IN_SEGMENTS) >= before + syns,
                        Testimony.PATIENCE_MILLIS),
                "every SYN arrives");
        lab.pause(20);
    }
}
