package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.CheckCard.Speaks;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Heard;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.TlsClient;
import io.tcplab.loadgen.inspect.Unreachable;
import java.util.ArrayList;
import java.util.List;

/** T1: versions of TLS, and resumption. */
public final class TlsVersions implements Check {

    private static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");
    private static final long TICKETS_NANOS = 100_000_000L;

    @Override
    public CheckCard card() {
        return CheckCard.of("T1", "TLS versions and resumption")
                .speaks(Speaks.TLS)
                .costs(2 * VERSIONS.size(), 0)
                .observes("Which of TLS 1.3 and 1.2 the server speaks, whether a second"
                        + " connection is resumed, and how many tickets it sends.")
                .matters("A resumed handshake costs no signature and, with 1.2, one round trip less;"
                        + " behind several servers it works only with shared keys.")
                .order("Two connections follow each other with one session cache; a resumed"
                        + " one is recognised by the certificate that is not sent.")
                .sources("RFC 8446 §2.2, §4.6.1", "RFC 5077", "nginx ssl_session_cache, ssl_session_tickets");
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        TlsClient tls = probe.subject().tls();
        if (tls == null) {
            return Finding.notObservable("connections are plain", "--tls.");
        }
        List<String> words = new ArrayList<>();
        List<String> observed = new ArrayList<>();
        boolean resumes = false;
        for (String version : VERSIONS) {
            String found = version(probe, tls.fresh(), version);
            resumes |= found.startsWith("resumed");
            observed.add(version + " " + found);
            words.add(version + ": " + found);
        }
        String sentence = String.join("; ", words);
        String all = String.join(", ", observed);
        if (observed.getFirst().endsWith("refused")) {
            return Finding.unusual(
                    "without TLS 1.3: " + all, sentence, "Enable TLS 1.3: its handshake takes a round trip less.");
        }
        return resumes
                ? Finding.asExpected(all, sentence)
                : Finding.unusual(
                        "no resumption: " + all,
                        sentence,
                        "Enable session tickets or a session cache: each connection pays a whole handshake.");
    }

    private static String version(Probe probe, TlsClient tls, String version) throws Unreachable {
        try (Contact first = probe.openSecure(_ -> {}, tls, List.of(version))) {
            // Tickets of TLS 1.3 come behind the handshake.
            Heard _ = first.hear(System.nanoTime() + TICKETS_NANOS);
            probe.time(version + " handshakeSeconds", first.handshakeNanos());
            if (version.equals("TLSv1.3")) {
                probe.figure("tickets", first.tickets());
            }
            boolean _ = first.closeNotify();
        } catch (Unreachable e) {
            probe.note(version + ": " + e.getMessage());
            return "refused";
        }
        int shown = tls.certificatesSeen();
        try (Contact second = probe.openSecure(_ -> {}, tls, List.of(version))) {
            probe.time(version + " secondHandshakeSeconds", second.handshakeNanos());
        }
        return tls.certificatesSeen() == shown ? "resumed" : "not resumed";
    }
}
