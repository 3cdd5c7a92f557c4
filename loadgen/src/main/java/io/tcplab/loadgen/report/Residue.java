package io.tcplab.loadgen.report;

import java.util.Locale;

/**
 * What was there before a measurement began, in the generator's network namespace and on its host.
 *
 * @param timeWait sockets in TIME_WAIT, of whatever connections (/proc/net/sockstat)
 * @param timeWaitToTarget of these, such as go to the target's port: each takes a 4-tuple that the run may want
 * @param portsShare these, of ports × sources, 0 to 1
 * @param load the host's load average over one minute (/proc/loadavg)
 * @param cpus CPUs that this process may use
 */
public record Residue(long timeWait, long timeWaitToTarget, double portsShare, double load, int cpus) {

    public Residue {
        portsShare = Math.round(portsShare * 10_000) / 10_000.0;
    }

    /** In plain words. */
    public String sentence() {
        return String.format(
                Locale.ROOT,
                "%s TIME_WAITs, %s of them to the target (%s of its local ports); load %.2f on %d CPU%s",
                InWords.count(timeWait),
                InWords.count(timeWaitToTarget),
                InWords.percent(portsShare),
                load,
                cpus,
                cpus == 1 ? "" : "s");
    }
}
