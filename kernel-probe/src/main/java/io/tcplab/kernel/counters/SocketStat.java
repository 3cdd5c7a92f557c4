package io.tcplab.kernel.counters;

import io.tcplab.kernel.ProcFile;
import java.nio.file.Path;

/**
 * The TCP line of /proc/net/sockstat, and of sockstat6: the cheapest total there is.
 *
 * <p>{@code inuse}, {@code inuse6} and {@code timeWait} belong to the calling thread's namespace; {@code orphan}, {@code
 * alloc} and {@code memoryPages} to the whole host, whatever the namespace ({@code net/ipv4/proc.c}). A figure that is
 * not there is 0.
 *
 * @param inuse IPv4 TCP sockets in use, without TIME_WAIT and without half-open ones
 * @param inuse6 the same of IPv6, which most JVM sockets are
 * @param orphan sockets that no process owns any more, of the host
 * @param timeWait TIME_WAIT of both families, and orphaned FIN_WAIT2
 * @param alloc TCP sockets allocated, of the host
 * @param memoryPages pages of buffer memory, of the host
 */
public record SocketStat(long inuse, long inuse6, long orphan, long timeWait, long alloc, long memoryPages) {
    static final Path FOUR = Path.of("/proc/thread-self/net/sockstat");
    static final Path SIX = Path.of("/proc/thread-self/net/sockstat6");

    /** Reads both files for the calling thread's namespace; a missing file gives zeros. */
    public static SocketStat read() {
        return parse(
                ProcFile.readIfPresent(FOUR).orElse(""),
                ProcFile.readIfPresent(SIX).orElse(""));
    }

    /** TCP sockets of the thread's namespace, TIME_WAITs among them: as many as a walk through its table has to pass. */
    public long all() {
        return inuse + inuse6 + timeWait;
    }

    static SocketStat parse(String sockstat, String sockstat6) {
        String tcp = line(sockstat, "TCP:");
        return new SocketStat(
                after(tcp, "inuse"),
                after(line(sockstat6, "TCP6:"), "inuse"),
                after(tcp, "orphan"),
                after(tcp, "tw"),
                after(tcp, "alloc"),
                after(tcp, "mem"));
    }

    private static String line(String text, String start) {
        int at = text.startsWith(start) ? 0 : text.indexOf('\n' + start) + 1;
        if (at == 0 && !text.startsWith(start)) {
            return "";
        }
        int end = text.indexOf('\n', at);
        return text.substring(at, end < 0 ? text.length() : end);
    }

    private static long after(String line, String word) {
        int at = line.indexOf(' ' + word + ' ');
        if (at < 0) {
            return 0;
        }
        long value = 0;
        for (int i = at + word.length() + 2; i < line.length() && value < Integer.MAX_VALUE; i++) {
            char digit = line.charAt(i);
            if (digit < '0' || digit > '9') {
                break;
            }
            value = 10 * value + (digit - '0');
        }
        return value;
    }
}
