package io.tcplab.loadgen.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The kernel's counters by their short names, with a label for each: what thresholds, tables and the timeline call them. */
final class CounterNames {

    /** Counters with a column of their own. */
    static final List<String> IN_THE_TIMELINE = List.of(
            "listenOverflows",
            "listenDrops",
            "activeOpens",
            "passiveOpens",
            "attemptFails",
            "establishedResets",
            "outResets",
            "retransmittedSegments",
            "synRetransmits",
            "syncookiesSent",
            "synQueueFullDrops",
            "timeWaits",
            "timeWaitsReused",
            "timeWaitOverflows",
            "abortsOnData",
            "abortsOnClose",
            "abortsOnTimeout");

    /**
     * One counter.
     *
     * @param fullName section and name as the kernel writes them
     * @param label a few words
     * @param sentence what moves it
     */
    record Described(String fullName, String label, String sentence) {}

    private static final Map<String, Described> BY_SHORT_NAME = described();
    private static final Map<String, Described> BY_FULL_NAME = byFullName();

    private CounterNames() {}

    /** The full name for a short one, for the kernel's own word with a small first letter, or for a full name of a known section. */
    static Optional<String> fullName(String name) {
        if (name.matches("(Tcp|TcpExt|MPTcpExt|IpExt|Ip)\\.[A-Za-z0-9]+")) {
            return Optional.of(name);
        }
        Described described = BY_SHORT_NAME.get(name);
        if (described != null) {
            return Optional.of(described.fullName());
        }
        return BY_FULL_NAME.keySet().stream()
                .filter(full -> isKernelWord(name, full))
                .findFirst();
    }

    /** Whether {@code name} is the last word of {@code full} but for capitals: outRsts for Tcp.OutRsts. */
    static boolean isKernelWord(String name, String full) {
        return full.toLowerCase(Locale.ROOT).endsWith("." + name.toLowerCase(Locale.ROOT));
    }

    /** A few words; the kernel's own name where this counter is not described. */
    static String label(String fullName) {
        Described described = BY_FULL_NAME.get(fullName);
        return described == null ? fullName.substring(fullName.indexOf('.') + 1) : described.label();
    }

    /** What moves it; empty where this counter is not described. */
    static String sentence(String fullName) {
        Described described = BY_FULL_NAME.get(fullName);
        return described == null ? "" : described.sentence();
    }

    private static Map<String, Described> byFullName() {
        Map<String, Described> byFullName = new LinkedHashMap<>();
        BY_SHORT_NAME.values().forEach(described -> byFullName.put(described.fullName(), described));
        return byFullName;
    }

    private static Map<String, Described> described() {
        Map<String, Described> all = new LinkedHashMap<>();
        add(all, "activeOpens", "Tcp.ActiveOpens", "Connections begun here", "Every connect() that sent a SYN.");
        add(
                all,
                "passiveOpens",
                "Tcp.PassiveOpens",
                "Connections taken by a listener",
                "A handshake completed at a listener, before accept().");
        add(
                all,
                "attemptFails",
                "Tcp.AttemptFails",
                "Handshakes that failed",
                "Refused, timed out or reset before it was established.");
        add(
                all,
                "establishedResets",
                "Tcp.EstabResets",
                "Connections cut off while open",
                "An RST, sent or received, ended an open connection.");
        add(
                all,
                "outResets",
                "Tcp.OutRsts",
                "RSTs sent",
                "Aborts, closes with unread data, and answers to segments without a socket.");
        add(all, "retransmittedSegments", "Tcp.RetransSegs", "Segments sent again", "No acknowledgement came in time.");
        add(
                all,
                "listenOverflows",
                "TcpExt.ListenOverflows",
                "Accept queue was full",
                "A handshake could not finish because the application accepts too slowly.");
        add(
                all,
                "listenDrops",
                "TcpExt.ListenDrops",
                "Dropped at a listener",
                "A SYN or final ACK was dropped, a full accept queue included.");
        add(
                all,
                "synRetransmits",
                "TcpExt.TCPSynRetrans",
                "SYNs sent again",
                "A SYN or its answer was lost; the connect took seconds.");
        add(all, "syncookiesSent", "TcpExt.SyncookiesSent", "SYN cookies sent", "The SYN queue was full.");
        add(
                all,
                "syncookiesReceived",
                "TcpExt.SyncookiesRecv",
                "SYN cookies that came back",
                "A connection was made although the SYN queue had been full.");
        add(
                all,
                "syncookiesFailed",
                "TcpExt.SyncookiesFailed",
                "SYN cookies that were wrong",
                "A final ACK without a handshake.");
        add(
                all,
                "synQueueFullDrops",
                "TcpExt.TCPReqQFullDrop",
                "SYNs dropped, SYN queue full",
                "Without cookies, a full SYN queue drops.");
        add(
                all,
                "timeWaits",
                "TcpExt.TW",
                "Sockets that entered TIME_WAIT",
                "Closed first from this side; counted again when the timer ended.");
        add(
                all,
                "timeWaitsReused",
                "TcpExt.TWRecycled",
                "TIME_WAITs reused",
                "A new connect took over the port (tcp_tw_reuse).");
        add(all, "timeWaitsKilled", "TcpExt.TWKilled", "Short TIME_WAITs ended", "Those with a timer of 4 s or less.");
        add(
                all,
                "timeWaitOverflows",
                "TcpExt.TCPTimeWaitOverflow",
                "TIME_WAITs skipped",
                "tcp_max_tw_buckets was reached.");
        add(
                all,
                "abortsOnData",
                "TcpExt.TCPAbortOnData",
                "Aborted by SO_LINGER 0",
                "close() sent an RST as it was told, or data came after close().");
        add(
                all,
                "abortsOnClose",
                "TcpExt.TCPAbortOnClose",
                "Reset by unread data",
                "close() with unread bytes sends an RST in place of a FIN.");
        add(
                all,
                "abortsOnTimeout",
                "TcpExt.TCPAbortOnTimeout",
                "Given up after retries",
                "Retransmissions, probes or a user time-out ran out.");
        return all;
    }

    private static void add(
            Map<String, Described> all, String shortName, String fullName, String label, String sentence) {
        all.put(shortName, new Described(fullName, label, sentence));
    }
}
