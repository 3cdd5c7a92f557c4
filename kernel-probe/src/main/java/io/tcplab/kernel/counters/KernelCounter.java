package io.tcplab.kernel.counters;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The catalogue of what the kernel counts about TCP: each entry has the kernel's name, a short name for thresholds and
 * keys, an English label, and a sentence that says what it counts and what that means.
 *
 * <p>Sources: {@code net/ipv4/proc.c} for the names, {@code Documentation/networking/snmp_counter.rst} and the places in
 * {@code net/ipv4/tcp*.c} that count them, RFC 4022 for the section Tcp. This file is long because it is a list.
 */
public enum KernelCounter {
    ACTIVE_OPENS(
            "Tcp.ActiveOpens",
            "activeOpens",
            "Connections started here",
            "Every connect() that sent a SYN, successful or not: the kernel's own count of started connections."),
    PASSIVE_OPENS(
            "Tcp.PassiveOpens",
            "passiveOpens",
            "Connections taken by a listener",
            "Handshakes that completed at a listener, before accept() is called;"
                    + " compare it with what the server accepted."),
    ATTEMPT_FAILS(
            "Tcp.AttemptFails",
            "attemptFails",
            "Handshakes that failed",
            "Connections that went from SYN_SENT or SYN_RECV to CLOSED: refused,"
                    + " timed out or reset before they were established."),
    ESTABLISHED_RESETS(
            "Tcp.EstabResets",
            "establishedResets",
            "Connections reset while open",
            "Connections that went from ESTABLISHED or CLOSE_WAIT straight to CLOSED, by an"
                    + " RST sent or received; an orderly close is not counted."),
    CURRENT_ESTABLISHED(
            "Tcp.CurrEstab",
            "currentEstablished",
            "Connections open now",
            "Sockets in ESTABLISHED or CLOSE_WAIT at this moment; sockets that a server forgot to close stay in it."),
    IN_SEGMENTS(
            "Tcp.InSegs",
            "inSegments",
            "Segments received",
            "All TCP segments that arrived, with or without errors; divided by"
                    + " connections it is the cost of a connection in packets."),
    OUT_SEGMENTS(
            "Tcp.OutSegs",
            "outSegments",
            "Segments sent",
            "All TCP segments sent, except pure retransmissions; divided by"
                    + " connections it is the cost of a connection in packets."),
    RETRANSMITTED_SEGMENTS(
            "Tcp.RetransSegs",
            "retransmittedSegments",
            "Segments retransmitted",
            "Retransmitted segments, SYNs included; on loopback it means that something was"
                    + " dropped on purpose, such as a SYN at a full accept queue."),
    IN_ERRORS(
            "Tcp.InErrs",
            "inErrors",
            "Segments received with errors",
            "Segments with a bad header or checksum; the cause is the network or offloading, not the application."),
    OUT_RESETS(
            "Tcp.OutRsts",
            "outResets",
            "Resets sent",
            "RSTs sent by this side: an abort, a segment for a closed port, or a close with unread data."),
    IN_CHECKSUM_ERRORS(
            "Tcp.InCsumErrors",
            "inChecksumErrors",
            "Segments with a bad checksum",
            "Segments dropped because of a wrong checksum; the cause is hardware or offloading."),
    RTO_ALGORITHM(
            "Tcp.RtoAlgorithm",
            "rtoAlgorithm",
            "Timeout algorithm",
            "Always 1 on Linux, for \"other\" (RFC 4022); it never changes."),
    RTO_MIN_MILLIS(
            "Tcp.RtoMin",
            "rtoMinMillis",
            "Shortest retransmission timeout",
            "The lower bound in milliseconds that this kernel was built with, 200;"
                    + " latencies that cluster at it mean lost segments."),
    RTO_MAX_MILLIS(
            "Tcp.RtoMax",
            "rtoMaxMillis",
            "Longest retransmission timeout",
            "The upper bound in milliseconds, 120000; the gap between two retransmissions is never longer."),
    MAX_CONNECTIONS(
            "Tcp.MaxConn",
            "maxConnections",
            "Connection limit",
            "Always -1 on Linux, for \"no fixed limit\" (RFC 4022); it never changes."),
    SYNCOOKIES_SENT(
            "TcpExt.SyncookiesSent",
            "syncookiesSent",
            "SYN cookies sent",
            "SYNs answered by a cookie because the SYN queue was full, or all of them with"
                    + " tcp_syncookies=2; the kernel keeps no state for such a half-open connection."),
    SYNCOOKIES_RECEIVED(
            "TcpExt.SyncookiesRecv",
            "syncookiesReceived",
            "SYN cookies accepted",
            "Final ACKs with a valid cookie: a real client connected although the SYN queue was full."),
    SYNCOOKIES_FAILED(
            "TcpExt.SyncookiesFailed",
            "syncookiesFailed",
            "SYN cookies rejected",
            "Final ACKs with an invalid or expired cookie, forged or too late; each is answered by an RST."),
    EMBRYONIC_RESETS(
            "TcpExt.EmbryonicRsts",
            "embryonicResets",
            "Resets on half-open connections",
            "RSTs for connections in SYN_RECV; the client gave up or never connected, as in a port scan."),
    LISTEN_OVERFLOWS(
            "TcpExt.ListenOverflows",
            "listenOverflows",
            "Accept queue overflows",
            "SYNs and final ACKs that found the accept queue full; the server accepts too"
                    + " slowly, or the backlog or somaxconn is too small."),
    LISTEN_DROPS(
            "TcpExt.ListenDrops",
            "listenDrops",
            "Connections dropped by a listener",
            "SYNs and final ACKs that a listener dropped for any reason, overflows included; the client"
                    + " retransmits after a second, which shows as connect latency of 1 s and more."),
    DEFER_ACCEPT_DROPS(
            "TcpExt.TCPDeferAcceptDrop",
            "deferAcceptDrops",
            "Final ACKs deferred by TCP_DEFER_ACCEPT",
            "Final ACKs without data at a listener with TCP_DEFER_ACCEPT; the"
                    + " connection stays half-open until data comes."),
    SYN_QUEUE_FULL_COOKIES(
            "TcpExt.TCPReqQFullDoCookies",
            "synQueueFullCookies",
            "SYN queue full, cookie sent",
            "SYNs that found the SYN queue full and were answered by a cookie; the client"
                    + " connects, but options such as window scaling may be lost."),
    SYN_QUEUE_FULL_DROPS(
            "TcpExt.TCPReqQFullDrop",
            "synQueueFullDrops",
            "SYN queue full, SYN dropped",
            "SYNs that found the SYN queue full while cookies were off; these"
                    + " clients wait 1 s or longer, or time out."),
    SYN_CHALLENGES(
            "TcpExt.TCPSYNChallenge",
            "synChallenges",
            "SYNs on open connections",
            "SYNs within an open connection, answered by a challenge ACK (RFC 5961); a"
                    + " client reused a 4-tuple that this side still holds open."),
    SYN_RETRANSMITS(
            "TcpExt.TCPSynRetrans",
            "synRetransmits",
            "SYNs retransmitted",
            "Retransmitted SYNs and SYN-ACKs; each adds a second or more to a connect."),
    MIGRATED_REQUESTS(
            "TcpExt.TCPMigrateReqSuccess",
            "migratedRequests",
            "Requests moved to another listener",
            "Pending connections of a closing SO_REUSEPORT listener that another listener took over."),
    MIGRATION_FAILURES(
            "TcpExt.TCPMigrateReqFailure",
            "migrationFailures",
            "Requests lost with their listener",
            "Pending connections of a closing SO_REUSEPORT listener that no other"
                    + " listener could take; their clients are reset."),
    SKIPPED_ACKS_SYN_RECV(
            "TcpExt.TCPACKSkippedSynRecv",
            "skippedAcksSynRecv",
            "ACKs not sent in SYN_RECV",
            "ACKs for a repeated SYN that the rate limit suppressed."),
    TIME_WAITS(
            "TcpExt.TW",
            "timeWaits",
            "Connections that entered TIME_WAIT",
            "TIME_WAITs begun by an active closer, for waits longer than about"
                    + " 4 s; orphaned FIN_WAIT2 are counted too."),
    TIME_WAITS_REUSED(
            "TcpExt.TWRecycled",
            "timeWaitsReused",
            "TIME_WAITs reused by connect()",
            "Connects that took over a TIME_WAIT of their own side: the proof that tcp_tw_reuse took effect."),
    TIME_WAITS_KILLED(
            "TcpExt.TWKilled",
            "timeWaitsKilled",
            "Short TIME_WAITs",
            "Waits of about 4 s or less, counted here instead of in TW, as with"
                    + " a short tcp_fin_timeout or TCP_LINGER2."),
    TIME_WAIT_OVERFLOWS(
            "TcpExt.TCPTimeWaitOverflow",
            "timeWaitOverflows",
            "TIME_WAITs beyond the limit",
            "Connections that skipped TIME_WAIT because tcp_max_tw_buckets was reached, and so lack its protection."),
    PAWS_ACTIVE_REJECTS(
            "TcpExt.PAWSActive",
            "pawsActiveRejects",
            "SYN-ACKs rejected by timestamp",
            "SYN-ACKs whose timestamp is older than the one that was sent."),
    PAWS_REJECTS(
            "TcpExt.PAWSEstab",
            "pawsRejects",
            "Segments rejected by timestamp",
            "Segments of an open connection with an old timestamp (PAWS, RFC 7323): a stale duplicate was kept out."),
    PAWS_TIME_WAIT_REJECTS(
            "TcpExt.PAWSTimewait",
            "pawsTimeWaitRejects",
            "SYNs rejected on a TIME_WAIT",
            "SYNs with an older timestamp that met a TIME_WAIT; clients behind one NAT"
                    + " address with different clocks see slow connects."),
    PAWS_OLD_ACKS(
            "TcpExt.PAWSOldAck",
            "pawsOldAcks",
            "Old ACKs tolerated by PAWS",
            "Pure ACKs that came out of order with an old timestamp; harmless."),
    BEYOND_WINDOW(
            "TcpExt.BeyondWindow",
            "beyondWindow",
            "Segments beyond the window",
            "Segments dropped because they lie beyond the receive window; the peer ignored the window."),
    TIMESTAMP_ECHO_REJECTS(
            "TcpExt.TSEcrRejected",
            "timestampEchoRejects",
            "SYN-ACKs with a foreign timestamp echo",
            "SYN-ACKs and ACKs rejected because they echo a timestamp that was never sent."),
    SKIPPED_ACKS_TIME_WAIT(
            "TcpExt.TCPACKSkippedTimeWait",
            "skippedAcksTimeWait",
            "ACKs not sent in TIME_WAIT",
            "ACKs from TIME_WAIT that the rate limit suppressed."),
    SKIPPED_ACKS_FIN_WAIT2(
            "TcpExt.TCPACKSkippedFinWait2",
            "skippedAcksFinWait2",
            "ACKs not sent in FIN_WAIT2",
            "ACKs from FIN_WAIT2 that the rate limit suppressed."),
    ABORTS_ON_DATA(
            "TcpExt.TCPAbortOnData",
            "abortsOnData",
            "Aborts by linger 0 or data after close",
            "Closes with SO_LINGER 0, and data that arrived after the process had"
                    + " closed; each sends an RST and leaves no TIME_WAIT."),
    ABORTS_ON_CLOSE(
            "TcpExt.TCPAbortOnClose",
            "abortsOnClose",
            "Closes with unread data",
            "Calls of close() while received data was unread, which send an RST instead of a"
                    + " FIN; the peer may lose the end of what was sent to it."),
    ABORTS_ON_MEMORY(
            "TcpExt.TCPAbortOnMemory",
            "abortsOnMemory",
            "Aborts for lack of memory",
            "Connections aborted because there are too many orphans or too little TCP memory."),
    ABORTS_ON_TIMEOUT(
            "TcpExt.TCPAbortOnTimeout",
            "abortsOnTimeout",
            "Connections that timed out",
            "Connections aborted after their retransmissions, keepalive probes or"
                    + " user timeout; the peer no longer answers."),
    ABORTS_ON_LINGER(
            "TcpExt.TCPAbortOnLinger",
            "abortsOnLinger",
            "Aborts in FIN_WAIT2",
            "Connections in FIN_WAIT2 aborted because of a negative TCP_LINGER2."),
    ABORT_FAILURES(
            "TcpExt.TCPAbortFailed",
            "abortFailures",
            "Resets that could not be sent",
            "RSTs that could not be sent for lack of memory; the peer does not learn that the connection is gone."),
    CHALLENGE_ACKS(
            "TcpExt.TCPChallengeACK",
            "challengeAcks",
            "Challenge ACKs sent",
            "Answers to a suspicious RST, SYN or ACK within an open connection (RFC 5961); also"
                    + " seen when a 4-tuple is reused while the peer is in LAST_ACK."),
    SKIPPED_CHALLENGE_ACKS(
            "TcpExt.TCPACKSkippedChallenge",
            "skippedChallengeAcks",
            "Challenge ACKs not sent",
            "Challenge ACKs that the rate limit suppressed."),
    RETRANSMIT_TIMEOUTS(
            "TcpExt.TCPTimeouts",
            "retransmitTimeouts",
            "Retransmission timeouts",
            "Retransmission timers that fired, for SYNs too; each is a pause of 200 ms or more."),
    SPURIOUS_TIMEOUTS(
            "TcpExt.TCPSpuriousRTOs",
            "spuriousTimeouts",
            "Spurious timeouts",
            "Retransmission timeouts that F-RTO found to be unnecessary; the path delays but does not lose."),
    LOSS_PROBES(
            "TcpExt.TCPLossProbes",
            "lossProbes",
            "Tail loss probes sent",
            "Probes sent because the last ACK was late (TLP); a slow peer is enough to cause one."),
    LOSS_PROBE_RECOVERIES(
            "TcpExt.TCPLossProbeRecovery",
            "lossProbeRecoveries",
            "Losses repaired by a probe",
            "Tail loss probes that repaired a real loss."),
    FAST_RETRANSMITS(
            "TcpExt.TCPFastRetrans",
            "fastRetransmits",
            "Fast retransmits",
            "Segments retransmitted because of duplicate ACKs: a loss repaired within a round trip."),
    SLOW_START_RETRANSMITS(
            "TcpExt.TCPSlowStartRetrans",
            "slowStartRetransmits",
            "Retransmits in slow start",
            "Segments retransmitted while recovering from a timeout."),
    LOST_RETRANSMITS(
            "TcpExt.TCPLostRetransmit",
            "lostRetransmits",
            "Retransmits that were lost",
            "Retransmitted segments that were lost again; the path drops many segments."),
    RETRANSMIT_FAILURES(
            "TcpExt.TCPRetransFail",
            "retransmitFailures",
            "Retransmits that could not be sent",
            "Retransmissions that the lower layer refused, because of a full device queue or a missing route."),
    SACK_RECOVERIES(
            "TcpExt.TCPSackRecovery",
            "sackRecoveries",
            "Recoveries with SACK",
            "Loss recoveries that began on SACK information."),
    RENO_RECOVERIES(
            "TcpExt.TCPRenoRecovery",
            "renoRecoveries",
            "Recoveries without SACK",
            "Loss recoveries that began without SACK; the peer or tcp_sack turned it off."),
    SACK_RECOVERY_FAILURES(
            "TcpExt.TCPSackRecoveryFail",
            "sackRecoveryFailures",
            "Recoveries that ended in a timeout",
            "Loss recoveries with SACK that needed a timeout after all."),
    LOSS_FAILURES(
            "TcpExt.TCPLossFailures",
            "lossFailures",
            "Timeouts after a timeout",
            "Timeouts while already recovering from a timeout."),
    SACK_RENEGING(
            "TcpExt.TCPSACKReneging",
            "sackReneging",
            "SACKed data dropped by the peer",
            "Times that a peer dropped data which it had acknowledged by SACK; it is short of memory."),
    SACK_REORDERS(
            "TcpExt.TCPSACKReorder",
            "sackReorders",
            "Reordering detected by SACK",
            "Segments out of order, detected by SACK."),
    TIMESTAMP_REORDERS(
            "TcpExt.TCPTSReorder",
            "timestampReorders",
            "Reordering detected by timestamp",
            "Segments out of order, detected by timestamps."),
    LOSS_UNDOS(
            "TcpExt.TCPLossUndo",
            "lossUndos",
            "Timeouts undone",
            "Timeouts that proved unnecessary, so that the congestion window was restored."),
    DSACK_UNDOS(
            "TcpExt.TCPDSACKUndo",
            "dsackUndos",
            "Recoveries undone by DSACK",
            "Recoveries that proved unnecessary because the peer reported duplicates."),
    DSACKS_RECEIVED(
            "TcpExt.TCPDSACKRecv",
            "dsacksReceived",
            "Duplicates reported by the peer",
            "DSACKs received: this side sent something twice without need."),
    DSACKS_SENT(
            "TcpExt.TCPDSACKOldSent",
            "dsacksSent",
            "Duplicates reported to the peer",
            "DSACKs sent for old data: the peer sent something twice without need."),
    OUT_OF_ORDER_QUEUED(
            "TcpExt.TCPOFOQueue",
            "outOfOrderQueued",
            "Segments received out of order",
            "Segments that arrived before an earlier one and were kept."),
    OUT_OF_ORDER_DROPS(
            "TcpExt.TCPOFODrop",
            "outOfOrderDrops",
            "Out-of-order segments dropped",
            "Segments out of order that were dropped for lack of buffer space."),
    OUT_OF_ORDER_MERGES(
            "TcpExt.TCPOFOMerge",
            "outOfOrderMerges",
            "Out-of-order segments that overlapped",
            "Segments out of order that overlapped another one."),
    SPURIOUS_RETRANSMITS_IN_HOST(
            "TcpExt.TCPSpuriousRtxHostQueues",
            "spuriousRetransmitsInHost",
            "Retransmits of unsent data",
            "Retransmissions of data that was still in this host's queues; the"
                    + " delay is in the host, not in the network."),
    TIMEOUT_REHASHES(
            "TcpExt.TcpTimeoutRehash",
            "timeoutRehashes",
            "Paths changed after a timeout",
            "Timeouts after which the flow's hash was changed to try another path; they accompany retransmitted SYNs."),
    DUPLICATE_DATA_REHASHES(
            "TcpExt.TcpDuplicateDataRehash",
            "duplicateDataRehashes",
            "Paths changed after duplicates",
            "Duplicate data after which the flow's hash was changed."),
    KEEPALIVE_PROBES(
            "TcpExt.TCPKeepAlive",
            "keepaliveProbes",
            "TCP keepalive probes sent",
            "Probes of the SO_KEEPALIVE timer; unrelated to connections kept open for more requests."),
    WINDOW_PROBES(
            "TcpExt.TCPWinProbe",
            "windowProbes",
            "Zero-window probes sent",
            "Probes sent to a peer whose window is closed; the peer does not read."),
    WINDOW_REOPENED(
            "TcpExt.TCPFromZeroWindowAdv",
            "windowReopened",
            "Window reopened",
            "Times that this side reported that it has buffer space again."),
    WINDOW_CLOSED(
            "TcpExt.TCPToZeroWindowAdv",
            "windowClosed",
            "Window closed",
            "Times that this side reported that it has no buffer space; the"
                    + " application here does not read fast enough."),
    WINDOW_WANTED_CLOSED(
            "TcpExt.TCPWantZeroWindowAdv",
            "windowWantedClosed",
            "Window that should have been closed",
            "Windows that could not be closed because the space was already advertised."),
    ZERO_WINDOW_DROPS(
            "TcpExt.TCPZeroWindowDrop",
            "zeroWindowDrops",
            "Data dropped at a closed window",
            "Data that arrived although the window was closed."),
    DELAYED_ACKS(
            "TcpExt.DelayedACKs",
            "delayedAcks",
            "Delayed ACKs sent",
            "ACKs sent because the delayed-ACK timer expired; with Nagle's"
                    + " algorithm at the peer this is the 40 ms latency."),
    DELAYED_ACKS_LOCKED(
            "TcpExt.DelayedACKLocked",
            "delayedAcksLocked",
            "Delayed ACKs postponed",
            "Delayed ACKs that had to wait because the socket was locked."),
    DELAYED_ACKS_LOST(
            "TcpExt.DelayedACKLost",
            "delayedAcksLost",
            "ACKs that came too late",
            "Segments received again because their ACK was late or lost."),
    AUTO_CORKINGS(
            "TcpExt.TCPAutoCorking",
            "autoCorkings",
            "Small writes combined",
            "Small segments held back because others were still in the device queue (tcp_autocorking)."),
    RECEIVE_COALESCED(
            "TcpExt.TCPRcvCoalesce",
            "receiveCoalesced",
            "Received segments merged",
            "Received segments merged into the one before; harmless."),
    BACKLOG_COALESCED(
            "TcpExt.TCPBacklogCoalesce",
            "backlogCoalesced",
            "Segments merged while the socket was locked",
            "Segments merged into the socket's backlog while the application had it locked."),
    ORIGINAL_DATA_SEGMENTS(
            "TcpExt.TCPOrigDataSent",
            "originalDataSegments",
            "Data segments sent, without retransmits",
            "Segments with new data; the base for a retransmission rate."),
    DELIVERED_SEGMENTS(
            "TcpExt.TCPDelivered",
            "deliveredSegments",
            "Segments acknowledged",
            "Segments that the peer acknowledged, SYNs included."),
    DELIVERED_MARKED(
            "TcpExt.TCPDeliveredCE",
            "deliveredMarked",
            "Segments marked by ECN",
            "Acknowledged segments that the network marked by ECN; a queue on the path is filling."),
    COMPRESSED_ACKS(
            "TcpExt.TCPAckCompressed",
            "compressedAcks",
            "ACKs merged",
            "ACKs held back and merged into one; harmless."),
    FAST_PATH_SEGMENTS(
            "TcpExt.TCPHPHits",
            "fastPathSegments",
            "Segments on the fast path",
            "Data segments handled by the receiver's fast path."),
    PURE_ACKS(
            "TcpExt.TCPPureAcks",
            "pureAcks",
            "ACKs without data",
            "Received ACKs without data that took the slow path."),
    FAST_PATH_ACKS(
            "TcpExt.TCPHPAcks", "fastPathAcks", "ACKs on the fast path", "Received ACKs handled by the fast path."),
    SKIPPED_ACKS_PAWS(
            "TcpExt.TCPACKSkippedPAWS",
            "skippedAcksPaws",
            "ACKs not sent after a PAWS reject",
            "ACKs for segments with an old timestamp that the rate limit suppressed."),
    SKIPPED_ACKS_SEQUENCE(
            "TcpExt.TCPACKSkippedSeq",
            "skippedAcksSequence",
            "ACKs not sent for a wrong sequence",
            "ACKs for segments outside the window that the rate limit suppressed."),
    RECEIVE_PRUNES(
            "TcpExt.PruneCalled",
            "receivePrunes",
            "Receive buffers pruned",
            "Sockets whose receive buffer overflowed and had to be compacted."),
    RECEIVE_PRUNE_DROPS(
            "TcpExt.RcvPruned",
            "receivePruneDrops",
            "Segments dropped when pruning",
            "Data dropped because pruning the receive buffer did not free enough."),
    OUT_OF_ORDER_PRUNES(
            "TcpExt.OfoPruned",
            "outOfOrderPrunes",
            "Out-of-order segments pruned",
            "Out-of-order data dropped to free memory."),
    RECEIVE_COLLAPSED(
            "TcpExt.TCPRcvCollapsed",
            "receiveCollapsed",
            "Receive buffers compacted",
            "Segments copied together to save memory in a receive buffer."),
    BACKLOG_DROPS(
            "TcpExt.TCPBacklogDrop",
            "backlogDrops",
            "Segments dropped at a locked socket",
            "Segments dropped because the socket was locked and its own"
                    + " backlog was full; not the backlog of listen()."),
    RECEIVE_QUEUE_DROPS(
            "TcpExt.TCPRcvQDrop",
            "receiveQueueDrops",
            "Segments dropped at a full receive queue",
            "Data dropped because the receive queue must not grow."),
    EMERGENCY_MEMORY_DROPS(
            "TcpExt.PFMemallocDrop",
            "emergencyMemoryDrops",
            "Segments dropped in memory emergency",
            "Packets allocated from the emergency reserve and dropped."),
    MEMORY_PRESSURES(
            "TcpExt.TCPMemoryPressures",
            "memoryPressures",
            "Times TCP ran into memory pressure",
            "Times that TCP memory exceeded the middle value of tcp_mem; buffers stop growing on the whole host."),
    MEMORY_PRESSURE_MILLIS(
            "TcpExt.TCPMemoryPressuresChrono",
            "memoryPressureMillis",
            "Milliseconds of memory pressure",
            "Time spent above the middle value of tcp_mem, added when it ends."),
    WRITE_QUEUE_TOO_BIG(
            "TcpExt.TCPWqueueTooBig",
            "writeQueueTooBig",
            "Write queues too long to split",
            "Segments that were not split because the write queue was already too long."),
    MIN_TTL_DROPS(
            "TcpExt.TCPMinTTLDrop",
            "minTtlDrops",
            "Segments dropped for their TTL",
            "Segments whose TTL is below IP_MINTTL."),
    LOCKED_ICMP_DROPS(
            "TcpExt.LockDroppedIcmps",
            "lockedIcmpDrops",
            "ICMP messages dropped at a locked socket",
            "ICMP errors that found the socket locked and are not reported."),
    OUT_OF_WINDOW_ICMPS(
            "TcpExt.OutOfWindowIcmps",
            "outOfWindowIcmps",
            "ICMP messages outside the window",
            "ICMP errors about data that is not in flight, forged or late."),
    FAST_OPEN_ACTIVE(
            "TcpExt.TCPFastOpenActive",
            "fastOpenActive",
            "Fast opens done as a client",
            "Data sent in a SYN and acknowledged (RFC 7413)."),
    FAST_OPEN_ACTIVE_FAILURES(
            "TcpExt.TCPFastOpenActiveFail",
            "fastOpenActiveFailures",
            "Fast opens rejected",
            "Data sent in a SYN that was not acknowledged; it is sent again after the handshake."),
    FAST_OPEN_PASSIVE(
            "TcpExt.TCPFastOpenPassive",
            "fastOpenPassive",
            "Fast opens taken as a server",
            "SYNs with a valid cookie and data that a listener accepted."),
    FAST_OPEN_PASSIVE_FAILURES(
            "TcpExt.TCPFastOpenPassiveFail",
            "fastOpenPassiveFailures",
            "Fast opens with a bad cookie",
            "SYNs with an invalid cookie; a normal handshake follows."),
    FAST_OPEN_LISTEN_OVERFLOWS(
            "TcpExt.TCPFastOpenListenOverflow",
            "fastOpenListenOverflows",
            "Fast open queue full",
            "SYNs with data that found the TCP_FASTOPEN queue full; a normal handshake follows."),
    FAST_OPEN_COOKIE_REQUESTS(
            "TcpExt.TCPFastOpenCookieReqd",
            "fastOpenCookieRequests",
            "Fast open cookies requested",
            "SYNs that request a cookie: the first connection of each client."),
    FAST_OPEN_BLACKHOLES(
            "TcpExt.TCPFastOpenBlackhole",
            "fastOpenBlackholes",
            "Fast open switched off",
            "Paths found to drop fast opens; the client stops using it for an hour or longer."),
    MD5_MISSING(
            "TcpExt.TCPMD5NotFound",
            "md5Missing",
            "Segments without the expected MD5",
            "Segments dropped because they lack the signature that TCP_MD5SIG requires."),
    MD5_UNEXPECTED(
            "TcpExt.TCPMD5Unexpected",
            "md5Unexpected",
            "Segments with an unexpected MD5",
            "Segments dropped because they carry a signature that was not required."),
    MD5_FAILURES(
            "TcpExt.TCPMD5Failure",
            "md5Failures",
            "Segments with a wrong MD5",
            "Segments dropped because their signature is wrong."),
    MTU_PROBE_FAILURES(
            "TcpExt.TCPMTUPFail",
            "mtuProbeFailures",
            "Path MTU probes that failed",
            "Probes for a larger packet that were lost (tcp_mtu_probing)."),
    MTU_PROBE_SUCCESSES(
            "TcpExt.TCPMTUPSuccess",
            "mtuProbeSuccesses",
            "Path MTU probes that passed",
            "Probes for a larger packet that arrived (tcp_mtu_probing)."),
    SOCKETS_IN_USE(
            "sockstat.TCP.inuse",
            "socketsInUse",
            "IPv4 TCP sockets in use",
            "Sockets of this namespace with an IPv4 family, without TIME_WAIT and half-open ones."),
    SOCKETS_IN_USE6(
            "sockstat.TCP6.inuse",
            "socketsInUse6",
            "IPv6 TCP sockets in use",
            "Sockets of this namespace with an IPv6 family, which most JVM sockets have even when they use IPv4."),
    SOCKETS_ORPHANED(
            "sockstat.TCP.orphan",
            "socketsOrphaned",
            "Orphaned TCP sockets of the host",
            "Sockets that no process owns and that are not yet closed; a figure of the whole host."),
    SOCKETS_TIME_WAIT(
            "sockstat.TCP.tw",
            "socketsTimeWait",
            "TIME_WAITs now",
            "TIME_WAITs of this namespace, of both families and all ports; orphaned FIN_WAIT2 are counted too."),
    SOCKETS_ALLOCATED(
            "sockstat.TCP.alloc",
            "socketsAllocated",
            "TCP sockets allocated on the host",
            "TCP sockets that take memory, closed ones included; a figure of the whole host."),
    SOCKET_MEMORY_PAGES(
            "sockstat.TCP.mem",
            "socketMemoryPages",
            "Buffer memory of the host in pages",
            "Pages that TCP buffers hold, to be compared with tcp_mem; a figure of the whole host.");

    private static final Map<String, KernelCounter> BY_KERNEL_NAME = new HashMap<>();

    static {
        for (KernelCounter counter : values()) {
            BY_KERNEL_NAME.put(counter.kernelName, counter);
        }
    }

    private final String kernelName;
    private final String id;
    private final String label;
    private final String meaning;

    KernelCounter(String kernelName, String id, String label, String meaning) {
        this.kernelName = kernelName;
        this.id = id;
        this.label = label;
        this.meaning = meaning;
    }

    /** The name in results, such as {@code TcpExt.ListenOverflows}. */
    public String kernelName() {
        return kernelName;
    }

    /** The kernel's own word without the section before it, such as {@code ListenOverflows}. */
    public String kernelWord() {
        return kernelName.substring(kernelName.indexOf('.') + 1);
    }

    /** The name in thresholds and keys, such as {@code listenOverflows}. Never changes. */
    public String id() {
        return id;
    }

    /** A few words for a table. */
    public String label() {
        return label;
    }

    /** What it counts, and what that means to whoever sees it. */
    public String meaning() {
        return meaning;
    }

    /** The counter with this kernel name; empty for one that is not described here. */
    public static Optional<KernelCounter> byKernelName(String kernelName) {
        return Optional.ofNullable(BY_KERNEL_NAME.get(kernelName));
    }
}
