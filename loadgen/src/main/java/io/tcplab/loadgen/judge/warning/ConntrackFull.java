package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;

import io.tcplab.kernel.Side;
import java.util.List;

/** The connection tracking table has no room, and packets of new connections are dropped. */
public record ConntrackFull(long entries, long limit) implements RunWarning {

    static final ConntrackFull EXAMPLE = new ConntrackFull(262_144, 262_144);

    static List<RunWarning> in(Facts facts) {
        long entries = facts.limit(Side.CLIENT, "conntrackCount");
        long most = facts.limit(Side.CLIENT, "conntrackMax");
        return most > 0 && entries >= most ? List.of(new ConntrackFull(entries, most)) : List.of();
    }

    @Override
    public String when() {
        return "the connection tracking table of the generator's host is full";
    }

    @Override
    public String message() {
        return "the connection tracking table is full: " + count(entries) + " of " + count(limit) + " entries";
    }

    @Override
    public String advice() {
        return "raise net.netfilter.nf_conntrack_max, shorten nf_conntrack_tcp_timeout_time_wait (120 s), or exempt"
                + " this traffic with a notrack rule";
    }
}
