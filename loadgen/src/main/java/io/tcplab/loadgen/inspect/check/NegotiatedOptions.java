package io.tcplab.loadgen.inspect.check;

import io.tcplab.kernel.host.Sysctl;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.SocketOptions;
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

    private static final String ECN = "net.ipv4.tcp_ecn";
    private static final int ASKS_BY_ITSELF = 1;

    /** What became of an option that a client has to ask for. */
    private enum Asked {
        YES,
        NO,
        NOT_ASKED
    }

    @Override
    public CheckCard card() {
        return CheckCard.of("B1", "TCP options of the handshake")
                .speaks(CheckCard.Speaks.ANYTHING)
                .costs(4, 2)
                .observes(
                        "Timestamps, selective acknowledgements, window scaling, ECN and the MSS that both sides agreed"
                                + " on; whether the server accepts data in the SYN (TCP Fast Open), and"
                                + " speaks MPTCP.")
                .matters(
                        "Without timestamps tcp_tw_reuse has no effect; without window scaling, at most 64 kB are in flight.")
                .order(
                        "TCP_INFO is read right after the handshake, which is where options are agreed on. For Fast Open, one"
                                + " connection asks for a cookie and the next one sends its request with the SYN.")
                .sources("RFC 7323", "RFC 2018", "RFC 3168", "RFC 7413", "RFC 8684", "tcp(7), TCP_INFO");
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        Contact contact = probe.open();
        probe.time("connectSeconds", contact.connectNanos());
        Optional<TcpInfo> asked = contact.tcpInfo();
        // A server that serves one connection at a time would not get to the next ones.
        contact.abort();
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
        String sentence = "agreed: " + (have.isEmpty() ? "none" : String.join(", ", have))
                + (info.windowScaling() ? " (the server's scale is " + info.sendWindowScale() + ")" : "") + "; MSS "
                + info.sendMss() + further(probe, info);
        if (lack.isEmpty()) {
            return Finding.asExpected("timestamps, SACK and window scaling", sentence);
        }
        return Finding.unusual(
                "without " + String.join(", ", lack),
                sentence + "; not " + String.join(", ", lack),
                "See net.ipv4.tcp_timestamps, tcp_sack and tcp_window_scaling of both sides,"
                        + " and whether a firewall between them removes options.");
    }

    /** What most servers do without: it is said, and is no finding either way. */
    private static String further(Probe probe, TcpInfo info) throws Unreachable {
        return words(probe, "ECN", "ecn", ecn(info), ECN + " of this side is not 1")
                + words(
                        probe,
                        "TCP Fast Open",
                        "fastOpen",
                        fastOpen(probe),
                        "no request, or net.ipv4.tcp_fastopen of this side")
                + words(probe, "MPTCP", "multipath", multipath(probe), "net.mptcp.enabled of this side");
    }

    private static String words(Probe probe, String name, String figure, Asked asked, String whyNot) {
        return switch (asked) {
            case YES -> {
                probe.figure(figure, 1);
                yield "; " + name + ": yes";
            }
            case NO -> {
                probe.figure(figure, 0);
                yield "; " + name + ": no";
            }
            case NOT_ASKED -> "; " + name + ": not asked (" + whyNot + ")";
        };
    }

    /** A client asks for ECN only where its sysctl says so: then its absence is the server's answer (RFC 3168 §6.1.1). */
    private static Asked ecn(TcpInfo info) {
        return info.ecn() ? Asked.YES : Sysctl.readNumber(ECN).orElse(0) == ASKS_BY_ITSELF ? Asked.NO : Asked.NOT_ASKED;
    }

    private static Asked fastOpen(Probe probe) throws Unreachable {
        if (!probe.subject().answers()) {
            return Asked.NOT_ASKED;
        }
        Asked data = Asked.NOT_ASKED;
        for (int i = 0; i < 2; i++) {
            Errno[] set = {Errno.OK};
            Contact contact = probe.openToAsk(socket ->
                    set[0] = socket.setOption(SocketOptions.IPPROTO_TCP, SocketOptions.TCP_FASTOPEN_CONNECT, 1));
            if (!set[0].ok()) {
                return Asked.NOT_ASKED;
            }
            if (probe.ask(contact).came()) {
                data = contact.tcpInfo().filter(TcpInfo::dataInSyn).isPresent() ? Asked.YES : Asked.NO;
            }
            contact.close();
        }
        return data;
    }

    private static Asked multipath(Probe probe) {
        Optional<Boolean> spoken = probe.speaksMultipath();
        return spoken.isEmpty() ? Asked.NOT_ASKED : spoken.get() ? Asked.YES : Asked.NO;
    }
}
