package io.tcplab.loadgen.watch;

import io.tcplab.kernel.observe.LimitSetBy;
import io.tcplab.loadgen.record.InWords;
import java.util.Set;

/** A listener of the target as reports and warnings speak of it. */
public final class ListenerInWords {

    /** Programs that take connections for a server elsewhere: their queue is not that server's. */
    private static final Set<String> FORWARDERS = Set.of(
            "docker-proxy",
            "rootlessport",
            "rootlesskit",
            "slirp4netns",
            "pasta",
            "pasta.avx2",
            "passt",
            "socat",
            "kubectl",
            "ssh",
            "rinetd",
            "redir");

    private ListenerInWords() {}

    /** Address and process: {@code 127.0.0.1:80 (nginx, pid 4711, one of 3 processes)}. */
    public static String name(ListenerFigures listener) {
        Long pid = listener.pid();
        String program = listener.program();
        if (pid == null) {
            return listener.address();
        }
        String forwards = program != null && FORWARDERS.contains(program) ? ", a port forwarder before the server" : "";
        String others = isShared(listener) ? ", one of " + listener.processes() + " processes" : "";
        return listener.address() + " (" + program + ", pid " + pid + others + forwards + ")";
    }

    /** What is known of it, in one line: {@code 127.0.0.1:80 (nginx, pid 4711): queue 33 of 32, set by listen(), …}. */
    public static String line(ListenerFigures listener) {
        Long limit = listener.limit();
        Long drops = listener.drops();
        String gone = listener.open()
                ? ""
                : ", gone" + goneAt(listener) + " with " + InWords.count(listener.last()) + " in its queue";
        return name(listener)
                + ": queue "
                + InWords.count(listener.peak())
                + (limit == null ? "" : " of " + InWords.count(limit))
                + setBy(listener)
                + (listener.limitChanges().isEmpty() ? "" : ", " + limitChange(listener))
                + (drops == null || drops == 0 ? "" : ", " + InWords.count(drops) + " segments dropped")
                + descriptors(listener)
                + stopped(listener)
                + nothingAccepted(listener)
                + gone;
    }

    /** {@code limit changed from 511 to 16 at 2.04 s}; empty where it did not. */
    public static String limitChange(ListenerFigures listener) {
        StringBuilder text = new StringBuilder();
        for (ListenerFigures.LimitChange each : listener.limitChanges()) {
            text.append(text.isEmpty() ? "limit changed from " : " and from ")
                    .append(InWords.count(each.from()))
                    .append(" to ")
                    .append(InWords.count(each.to()))
                    .append(" at ")
                    .append(InWords.seconds(each.atSecond()));
        }
        return text.toString();
    }

    private static boolean isShared(ListenerFigures listener) {
        Integer processes = listener.processes();
        return processes != null && processes > 1;
    }

    private static String setBy(ListenerFigures listener) {
        String setBy = listener.setBy();
        if (setBy == null) {
            return "";
        }
        return ", set by "
                + switch (LimitSetBy.byId(setBy).orElse(LimitSetBy.LISTEN)) {
                    case LISTEN -> "listen()";
                    case SOMAXCONN -> "net.core.somaxconn, or by both it and listen()";
                    case EARLIER_SOMAXCONN -> "listen() or a net.core.somaxconn that was lowered since";
                };
    }

    private static String descriptors(ListenerFigures listener) {
        Long open = listener.descriptors();
        Long limit = listener.descriptorLimit();
        if (open == null || limit == null) {
            return "";
        }
        return ", " + InWords.count(open) + " of " + InWords.count(limit)
                + (listener.outOfDescriptors() ? " descriptors: none left for accept()" : " descriptors");
    }

    private static String stopped(ListenerFigures listener) {
        Integer stopped = listener.stopped();
        if (stopped == null || stopped == 0) {
            return "";
        }
        return isShared(listener) ? ", " + stopped + " of its processes were stopped" : ", was stopped";
    }

    /** What came before the recorded part is the warm-up's. */
    private static String nothingAccepted(ListenerFigures listener) {
        ListenerFigures.Stall stall = listener.nothingAccepted();
        if (stall == null || stall.toSecond() <= 0) {
            return "";
        }
        return ", next to nothing accepted from " + InWords.plain(Math.max(0, stall.fromSecond())) + " s to "
                + InWords.seconds(stall.toSecond());
    }

    private static String goneAt(ListenerFigures listener) {
        Double second = listener.goneAtSecond();
        return second == null ? "" : " at " + InWords.seconds(second);
    }
}
