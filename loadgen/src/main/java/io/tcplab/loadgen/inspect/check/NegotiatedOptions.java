package io.tcplab.loadgen.inspect.check;

import io.tcplab.kernel.syscall.TcpInfo;
import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** B1: which TCP options the handshake agrees on. */
public final class NegotiatedOptions implements Check {

    @Override
    public CheckCard card() {
        return CheckCard.of("B1", "TCP options of the handshake")
                .speaks(CheckCard.Speaks.ANYTHING)
                .costs(1, 0)
                .observes(
                        "Timestamps, selective acknowledgements, window scaling, ECN and the MSS that both sides agreed on.")
                .matters(
                        "Without timestamps tcp_tw_reuse has no effect; without window scaling, at most 64 kB are in flight.")
                .order("TCP_INFO is read right after the handshake, which is where options are agreed on.")
                .sources("RFC 7323", "RFC 2018", "tcp(7), TCP_INFO");
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        Contact contact = probe.open();
        probe.time("connectSeconds", contact.connectNanos());
        Optional<TcpInfo> asked = contact.tcpInfo();
        if (asked.isEmpty()) {
            return Finding.notObservable("getsockopt(TCP_INFO) gives nothing", "A kernel that has TCP_INFO.");
        }
        TcpInfo info = asked.get();
        probe.figure("sendMss", info.sendMss());
        probe.figure("rttMicros", info.rttMicros());
        List<String> have = new ArrayList<>();
        List<String> lack = new ArrayList<>();
        (info.timestamps() ? have : lack).add("timestamps");
        (info.selectiveAcks() ? have : lack).add("SACK");
        (info.windowScaling() ? have : lack).add("window scaling");
        // A client asks for ECN only where net.ipv4.tcp_ecn is 1: its absence says nothing of the server.
        if (info.ecn()) {
            have.add("ECN");
        }
        String sentence = "agreed: " + (have.isEmpty() ? "none" : String.join(", ", have))
                + (info.windowScaling() ? " (the server's scale is " + info.sendWindowScale() + ")" : "") + "; MSS "
                + info.sendMss();
        if (lack.isEmpty()) {
            return Finding.asExpected("timestamps, SACK and window scaling", sentence);
        }
        return Finding.unusual(
                "without " + String.join(", ", lack),
                sentence + "; not " + String.join(", ", lack),
                "See net.ipv4.tcp_timestamps, tcp_sack and tcp_window_scaling of both sides,"
                        + " and whether a firewall between them removes options.");
    }
}
