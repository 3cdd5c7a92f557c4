package io.tcplab.loadgen.judge;

import static io.tcplab.loadgen.record.InWords.count;
import static io.tcplab.loadgen.record.InWords.micros;
import static io.tcplab.loadgen.record.InWords.percent;
import static io.tcplab.loadgen.record.InWords.rate;
import static io.tcplab.loadgen.record.InWords.seconds;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.observe.LimitSetBy;
import io.tcplab.loadgen.result.Summary;
import org.jspecify.annotations.Nullable;

/** What a reader must know before believing a result: a closed type, each with its figures, its sentence and a remedy. */
public sealed interface RunWarning {

    /** The stable name in {@code summary.json}: the record's own name, its first letter small. */
    default String code() {
        return codeOf(getClass());
    }

    /** The code of a kind of warning. */
    static String codeOf(Class<? extends RunWarning> kind) {
        String name = kind.getSimpleName();
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    /** What was seen, with its figures. */
    String message();

    /** What to do about it. */
    String advice();

    /** As it is written into {@code summary.json}. */
    default Summary.Warning inWords() {
        return new Summary.Warning(code(), message(), advice());
    }

    /** The generator was the bottleneck. */
    record GeneratorSaturated(double eventLoopBusy, double startDelayP99Micros) implements RunWarning {
        @Override
        public String message() {
            return "the generator was saturated: its busiest event loop was busy " + percent(eventLoopBusy)
                    + " of the time and started connections " + micros(startDelayP99Micros) + " late (p99)";
        }

        @Override
        public String advice() {
            return "lower the rate, add event loops (client.eventLoops) or run several generators and merge them";
        }
    }

    /** EADDRNOTAVAIL: every 4-tuple to the target was taken. */
    record LocalPortsExhausted(long failures, long ports, int sources, long held, double sustainablePerSecond)
            implements RunWarning {
        @Override
        public String message() {
            if (held > ports * sources) {
                return count(failures) + " connects found no local port (EADDRNOTAVAIL): all " + count(ports)
                        + " ports × " + sources + (sources == 1 ? " source" : " sources")
                        + " are in use by our own open connections, and the profile opens " + count(held);
            }
            return count(failures) + " connects found no local port (EADDRNOTAVAIL): " + count(ports) + " ports × "
                    + sources
                    + (sources == 1 ? " source" : " sources") + " ÷ 60 s of TIME_WAIT sustain "
                    + rate(sustainablePerSecond)
                    + " connections/s";
        }

        @Override
        public String advice() {
            return held > ports * sources
                    ? "add source addresses (client.sources) or widen net.ipv4.ip_local_port_range"
                    : "add source addresses (client.sources), widen net.ipv4.ip_local_port_range, set net.ipv4.tcp_tw_reuse=1,"
                            + " or let the server close first";
        }
    }

    /** connect(2) gets slow before it fails, once one parity of the port range is taken. */
    record PortSearchCliff(double connectMicrosBefore, double connectMicrosAfter, double portsUsed)
            implements RunWarning {
        @Override
        public String message() {
            return "with " + percent(portsUsed)
                    + " of the local ports taken the kernel's search for a free one slowed connect from "
                    + micros(connectMicrosBefore) + " to " + micros(connectMicrosAfter);
        }

        @Override
        public String advice() {
            return "use less than half of the port range for one destination: add source addresses or widen net.ipv4.ip_local_port_range";
        }
    }

    /** The plan asked for more than was started or completed. */
    record OfferedRateNotReached(double offered, double attempted, double achieved) implements RunWarning {
        @Override
        public String message() {
            return "the plan offered " + rate(offered) + " connections/s; " + rate(attempted) + "/s were attempted and "
                    + rate(achieved) + "/s achieved";
        }

        @Override
        public String advice() {
            return "if attempted is low, the generator is the bottleneck; if only achieved is low, the target is: see the outcomes";
        }
    }

    /**
     * The target's queue of established, not yet accepted connections was full.
     *
     * @param overflows that are known to be this listener's
     * @param all whether these are all; false where another listener's may be among the rest
     * @param setBy what set the limit; absent where it is not known
     * @param listener its address and process; empty where it is not known
     */
    record AcceptQueueOverflowed(
            long overflows,
            boolean all,
            long peak,
            long limit,
            @Nullable LimitSetBy setBy,
            String listener) implements RunWarning {
        @Override
        public String message() {
            return "the accept queue" + (listener.isEmpty() ? "" : " of " + listener) + " overflowed "
                    + (all ? "" : "at least ") + count(overflows) + " times: it peaked at " + count(peak)
                    + " with a limit of " + count(limit) + cause() + " (the queue holds limit + 1)";
        }

        private String cause() {
            return switch (setBy) {
                case null -> "";
                case LISTEN -> ", set by listen()";
                case SOMAXCONN -> ", set by net.core.somaxconn";
                case EARLIER_SOMAXCONN -> ", set before net.core.somaxconn was lowered";
            };
        }

        @Override
        public String advice() {
            String raise = switch (setBy) {
                case null -> "both the listen() backlog and net.core.somaxconn";
                case LISTEN -> "the backlog that the server passes to listen(): net.core.somaxconn allows more";
                case SOMAXCONN ->
                    "net.core.somaxconn (and the listen() backlog, unless it is higher), then restart the server";
                case EARLIER_SOMAXCONN -> "net.core.somaxconn again, then restart the server";
            };
            return "accept faster (more event loops on the listener), or raise " + raise;
        }
    }

    /** The process that listens has no descriptor left, so that accept(2) fails with EMFILE and the queue fills. */
    record ServerOutOfDescriptors(String listener, long descriptors, long limit) implements RunWarning {
        @Override
        public String message() {
            return listener + " had " + count(descriptors) + " of " + count(limit)
                    + " descriptors open: accept() fails with EMFILE and connections stay in the queue";
        }

        @Override
        public String advice() {
            return "raise the server's limit of open files (RLIMIT_NOFILE: ulimit -n, LimitNOFILE=), or"
                    + " find the descriptors it does not close; a longer queue does not help";
        }
    }

    /** The process that listens was stopped by a signal or a debugger. */
    record ServerStopped(String listener, int stopped, int processes) implements RunWarning {
        @Override
        public String message() {
            return stopped + " of " + processes + (processes == 1 ? " process" : " processes") + " that listen at "
                    + listener + " were stopped (SIGSTOP or a debugger): they accept nothing";
        }

        @Override
        public String advice() {
            return "resume it (kill -CONT PID) or detach the debugger, then run again";
        }
    }

    /** SYNs were dropped before a connection was established. */
    record SynQueueDrops(long drops, long synRecvPeak) implements RunWarning {
        @Override
        public String message() {
            return count(drops) + " SYNs were dropped because the SYN queue was full (" + count(synRecvPeak)
                    + " sockets in SYN_RECV at its peak)";
        }

        @Override
        public String advice() {
            return "set net.ipv4.tcp_syncookies=1, or raise the listen() backlog and net.ipv4.tcp_max_syn_backlog";
        }
    }

    /** The SYN queue was full and the kernel answered with cookies. */
    record SynCookiesSent(long sent, long received, long failed) implements RunWarning {
        @Override
        public String message() {
            return "the SYN queue was full: " + count(sent) + " SYN cookies were sent, " + count(received)
                    + " were returned valid, " + count(failed) + " did not";
        }

        @Override
        public String advice() {
            return "cookies keep the server reachable but lose TCP options: raise the listen() backlog and"
                    + " net.core.somaxconn";
        }
    }

    /** Connect latencies gather at the times of SYN retransmissions. */
    record SynRetryClusters(long connections, String atSeconds, long synRetransmits) implements RunWarning {
        @Override
        public String message() {
            return count(connections) + " connects took about " + atSeconds
                    + " s, the times at which a lost SYN is retransmitted (" + count(synRetransmits)
                    + " SYN retransmits counted)";
        }

        @Override
        public String advice() {
            return "a SYN or its answer was lost: check for a full accept queue on the server"
                    + " (listenOverflows), a firewall, or a full conntrack table";
        }
    }

    /** More TIME_WAITs than net.ipv4.tcp_max_tw_buckets allows. */
    record TimeWaitBucketOverflow(Side side, long overflows, long buckets) implements RunWarning {
        @Override
        public String message() {
            return count(overflows) + " connections of the " + side.word() + " skipped TIME_WAIT because all "
                    + count(buckets) + " buckets were in use";
        }

        @Override
        public String advice() {
            return "raise net.ipv4.tcp_max_tw_buckets: without TIME_WAIT, an old segment can reach a new connection";
        }
    }

    /** close(2) with unread bytes makes an RST of the FIN. */
    record ResetsByUnreadData(String whose, long resets) implements RunWarning {
        @Override
        public String message() {
            return whose + " reset " + count(resets) + " connections by closing them with unread data"
                    + " (TCPAbortOnClose)";
        }

        @Override
        public String advice() {
            return "read until EOF before close(), or call shutdown(SHUT_WR) and drain first:"
                    + " the reset can destroy data that the peer has not read yet";
        }
    }

    /** The peer has closed; this side has not. */
    record CloseWaitStays(Side side, long sockets) implements RunWarning {
        @Override
        public String message() {
            return count(sockets) + " sockets of the " + side.word()
                    + " were still in CLOSE_WAIT when the run ended: the peer has closed, but the application that accepted them has not";
        }

        @Override
        public String advice() {
            return "find the code that does not call close() after read() returned 0; no sysctl removes a CLOSE_WAIT";
        }
    }

    /** The connection tracking table dropped packets. */
    record ConntrackFull(long entries, long limit) implements RunWarning {
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

    /** A percentile rests on fewer than ten samples above it. */
    record TooFewSamples(String metric, String percentile, long samples, long needed) implements RunWarning {
        @Override
        public String message() {
            return metric + " " + percentile + " rests on " + count(samples) + " samples; it needs " + count(needed);
        }

        @Override
        public String advice() {
            return "run longer, or use a lower percentile";
        }
    }

    /** EMFILE or ENFILE. */
    record DescriptorsExhausted(long failures, long limit) implements RunWarning {
        @Override
        public String message() {
            return count(failures) + " connects found no file descriptor (EMFILE) under a limit of " + count(limit);
        }

        @Override
        public String advice() {
            return "raise the limit of open files (ulimit -n), hold fewer connections, or run several generators";
        }
    }

    /** listen(2) silently cut the backlog down. */
    record ListenerBacklogClamped(long backlog, long granted, long somaxconn) implements RunWarning {
        @Override
        public String message() {
            return "listen() requested a backlog of " + count(backlog) + " and the kernel granted " + count(granted)
                    + ": net.core.somaxconn is " + count(somaxconn);
        }

        @Override
        public String advice() {
            return "raise net.core.somaxconn before the server calls listen(), the only time it is read";
        }
    }

    /** Others used the same network namespace. */
    record ForeignTraffic(Side side, long connections, double share) implements RunWarning {
        @Override
        public String message() {
            return "the " + side.word() + "'s kernel counted about " + count(connections)
                    + " connections that are not ours (" + percent(share) + "): its counters include them";
        }

        @Override
        public String advice() {
            return "run with --isolate netns to count this run only";
        }
    }

    /** The books do not balance. */
    record InvariantBroken(String invariant, long left, long right) implements RunWarning {
        @Override
        public String message() {
            return "an internal check failed: " + invariant + " (" + count(left) + " against " + count(right) + ")";
        }

        @Override
        public String advice() {
            return "do not use this result; repeat the run, and report a bug with the results directory if it happens again";
        }
    }

    /** The two clocks could not be laid on each other well. */
    record ClockUncertain(double offsetMicros, double uncertaintyMicros) implements RunWarning {
        @Override
        public String message() {
            return "the server's clock is " + micros(offsetMicros) + " from ours, ± " + micros(uncertaintyMicros)
                    + ": its timeline rows may be that far off";
        }

        @Override
        public String advice() {
            return "compare the sides by whole intervals only; a control endpoint with a shorter round trip gives a better estimate";
        }
    }

    /** The observer of the server's side ended, or could not be reached, before the run was over. */
    record ObserverLost(double fromSecond) implements RunWarning {
        @Override
        public String message() {
            String when = fromSecond <= 0 ? "before the recorded part began" : "from " + seconds(fromSecond) + " on";
            return "the observer of the server's side was gone " + when
                    + ": the server's figures are partial, as they were until then, and what came after was not observed";
        }

        @Override
        public String advice() {
            return "let 'tcplab observe' or the companion live until the run has ended (--for longer than warm-up and duration"
                    + " together), and run again; thresholds on the server's figures fail without it";
        }
    }

    /** Our connect latency contains our own queue. */
    record ConnectQueueing(double connectP50Micros, double kernelRttP50Micros) implements RunWarning {
        @Override
        public String message() {
            return "connect p50 is " + micros(connectP50Micros) + " while the kernel's own handshake RTT is "
                    + micros(kernelRttP50Micros) + ": the difference is time spent waiting in the generator";
        }

        @Override
        public String advice() {
            return "lower the concurrency or add event loops; use the kernel's figure for the network's share";
        }
    }

    /** Earlier runs still hold ports. */
    record LeftoverTimeWait(long sockets, double portsShare) implements RunWarning {
        @Override
        public String message() {
            return count(sockets) + " sockets were already in TIME_WAIT towards the target before the run, "
                    + percent(portsShare) + " of its local ports";
        }

        @Override
        public String advice() {
            return "wait 60 s between runs, or use --isolate netns, which starts with an empty table";
        }
    }

    /** The garbage collector stopped the generator. */
    record GcPauses(long pauses, double maxMillis, double totalMillis) implements RunWarning {
        @Override
        public String message() {
            return "the generator's garbage collector paused " + count(pauses) + " times, " + micros(maxMillis * 1000)
                    + " at most and " + micros(totalMillis * 1000) + " in total: latencies include the pauses";
        }

        @Override
        public String advice() {
            return "give the generator more heap, or use the response metric, which counts from the intended start";
        }
    }
}
