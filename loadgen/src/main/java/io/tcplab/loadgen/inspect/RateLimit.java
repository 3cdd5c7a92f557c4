package io.tcplab.loadgen.inspect;

import java.util.Locale;

/**
 * A limit of how often a server may be connected to, as it was met: a stick table's, a bucket's, a firewall's.
 *
 * @param connections how many were answered in quick succession
 * @param seconds after which pause as many were answered
 * @param beyond what became of those beyond it, in words
 */
record RateLimit(int connections, double seconds, String beyond) {

    /** In words, without a full stop. */
    String words() {
        return String.format(
                Locale.ROOT,
                "the server limits connections per time: after a pause of %s s %d in quick succession %s answered, those beyond were %s",
                seconds == Math.rint(seconds) ? String.format(Locale.ROOT, "%.0f", seconds) : seconds,
                connections,
                connections == 1 ? "was" : "were",
                beyond);
    }
}
