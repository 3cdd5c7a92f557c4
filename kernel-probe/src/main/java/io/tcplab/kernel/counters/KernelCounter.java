package io.tcplab.kernel.counters;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The catalogue of what the kernel counts about TCP: each entry has the kernel's name, a short name for thresholds and
 * keys, an English label, and a sentence that says what moves it and what that means.
 *
 * <p>Sources: {@code net/ipv4/proc.c} for the names, {@code Documentation/networking/snmp_counter.rst} and the places in
 * {@code net/ipv4/tcp*.c} that count them, RFC 4022 for the section Tcp. This file is long because it is a list.
 */
public enum KernelCounter {
    ACTIVE_OPENS(
            "Tcp.ActiveOpens",
            "activeOpens",
            Kind.COUNTER,
            Topic.CONNECT,
            "Connections begun here",
            "Every connect() that sent a SYN moves it, whatever came of it; it is the kernel's own count of started connections."),
    PASSIVE_OPENS(
            "Tcp.PassiveOpens",
            "passiveOpens",
            Kind.COUNTER,
            Topic.ACCEPT,
            "Connections taken by a listener",
            "A handshake that completed at a listener moves it, before accept() is called; compare it with what the server accepted."),
    ATTEMPT_FAILS(
            "Tcp.AttemptFails",
            "attemptFails",
            Kind.COUNTER,
            Topic.CONNECT,
            "Handshakes that failed",
            "A connection that goes from SYN_SENT or SYN_RECV to CLOSED moves it: refused, timed out or reset before it was established."),
    ESTABLISHED_RESETS(
            "Tcp.EstabResets",
            "establishedResets",
            Kind.COUNTER,
            Topic.CLOSE,
            "Connections cut off while open",
            "A connection that goes from ESTABLISHED or CLOSE_WAIT straight to CLOSED moves"
                    + " it, by an RST sent or received; a clean close never does."),
    CURRENT_ESTABLISHED(
            "Tcp.CurrEstab",
            "currentEstablished",
            Kind.GAUGE,
            Topic.CLOSE,
            "Connections open now",
            "The number in ESTABLISHED or CLOSE_WAIT at this moment; sockets that a server forgot to close stay in it."),
    IN_SEGMENTS(
            "Tcp.InSegs",
            "inSegments",
            Kind.COUNTER,
            Topic.TRAFFIC,
            "Segments received",
            "Every TCP segment that arrives moves it, with errors or without; divided by"
                    + " connections it shows what one connection costs in packets."),
    OUT_SEGMENTS(
            "Tcp.OutSegs",
            "outSegments",
            Kind.COUNTER,
            Topic.TRAFFIC,
            "Segments sent",
            "Every TCP segment sent moves it, without those that only repeat sent data; divided"
                    + " by connections it shows what one connection costs in packets."),
    RETRANSMITTED_SEGMENTS(
            "Tcp.RetransSegs",
            "retransmittedSegments",
            Kind.COUNTER,
            Topic.LOSS,
            "Segments sent again",
            "Each segment sent again moves it, SYNs included; on loopback it means that something"
                    + " was dropped on purpose, such as a SYN at a full accept queue."),
    IN_ERRORS(
            "Tcp.InErrs",
            "inErrors",
            Kind.COUNTER,
            Topic.TRAFFIC,
            "Segments received with errors",
            "A segment with a bad header or checksum moves it; it points at the network or at offloading, not at the application."),
    OUT_RESETS(
            "Tcp.OutRsts",
            "outResets",
            Kind.COUNTER,
            Topic.CLOSE,
            "Resets sent",
            "Each RST that leaves this side moves it: an abort, a segment for a closed port, or a close with unread data."),
    IN_CHECKSUM_ERRORS(
            "Tcp.InCsumErrors",
            "inChecksumErrors",
            Kind.COUNTER,
            Topic.TRAFFIC,
            "Segments with a bad checksum",
            "A segment whose checksum is wrong moves it and is dropped; it points at hardware or at offloading."),
    RTO_ALGORITHM(
            "Tcp.RtoAlgorithm",
            "rtoAlgorithm",
            Kind.GAUGE,
            Topic.LOSS,
            "Timeout algorithm",
            "Always 1 on Linux, for \"other\" (RFC 4022); it never moves."),
    RTO_MIN_MILLIS(
            "Tcp.RtoMin",
            "rtoMinMillis",
            Kind.GAUGE,
            Topic.LOSS,
            "Shortest retransmission timeout",
            "The lower bound in milliseconds that this kernel was built with, 200; latency clusters at it mean lost segments."),
    RTO_MAX_MILLIS(
            "Tcp.RtoMax",
            "rtoMaxMillis",
            Kind.GAUGE,
            Topic.LOSS,
            "Longest retransmission timeout",
            "The upper bound in milliseconds, 120000; retransmissions never come further apart."),
    MAX_CONNECTIONS(
            "Tcp.MaxConn",
            "maxConnections",
            Kind.GAUGE,
            Topic.CONNECT,
            "Connection limit",
            "Always -1 on Linux, for \"no fixed limit\" (RFC 4022); it never moves."),
    SYNCOOKIES_SENT(
            "TcpExt.SyncookiesSent",
            "syncookiesSent",
            Kind.COUNTER,
            Topic.SYN_QUEUE,
            "SYN cookies sent",
            "A SYN answered while the SYN queue was full, or always at tcp_syncookies=2, moves it; the"
                    + " queue was overrun and the kernel stopped remembering half-open connections."),
    SYNCOOKIES_RECEIVED(
            "TcpExt.SyncookiesRecv",
            "syncookiesReceived",
            Kind.COUNTER,
            Topic.SYN_QUEUE,
            "SYN cookies accepted",
            "A final ACK that carries a valid cookie moves it: a real client got in although the SYN queue was full."),
    SYNCOOKIES_FAILED(
            "TcpExt.SyncookiesFailed",
            "syncookiesFailed",
            Kind.COUNTER,
            Topic.SYN_QUEUE,
            "SYN cookies refused",
            "A final ACK with a wrong or stale cookie moves it; it was forged, or it came too late, and is answered by an RST."),
    EMBRYONIC_RESETS(
            "TcpExt.EmbryonicRsts",
            "embryonicResets",
            Kind.COUNTER,
            Topic.SYN_QUEUE,
            "Resets on half-open connections",
            "An RST for a connection in SYN_RECV moves it; the client gave up or never asked, as in a port scan."),
    LISTEN_OVERFLOWS(
            "TcpExt.ListenOverflows",
            "listenOverflows",
            Kind.COUNTER,
            Topic.ACCEPT,
            "Accept queue overflows",
            "A SYN or final ACK that finds the accept queue full moves it; the server"
                    + " accepts too slowly, or the backlog or somaxconn is too small."),
    LISTEN_DROPS(
            "TcpExt.ListenDrops",
            "listenDrops",
            Kind.COUNTER,
            Topic.ACCEPT,
            "Connections dropped by a listener",
            "Any SYN or final ACK that a listener throws away moves it, overflows included; the client"
                    + " sends again after a second, which shows as connect latency of 1 s and more."),
    DEFER_ACCEPT_DROPS(
            "TcpExt.TCPDeferAcceptDrop",
            "deferAcceptDrops",
            Kind.COUNTER,
            Topic.ACCEPT,
            "Final ACKs held back by TCP_DEFER_ACCEPT",
            "A final ACK without data at a listener with TCP_DEFER_ACCEPT moves it; the connection stays half-open until data comes."),
    SYN_QUEUE_FULL_COOKIES(
            "TcpExt.TCPReqQFullDoCookies",
            "synQueueFullCookies",
            Kind.COUNTER,
            Topic.SYN_QUEUE,
            "SYN queue full, cookie sent",
            "A SYN that finds the SYN queue full while cookies are allowed moves it; the"
                    + " flood is absorbed, options such as window scaling may be lost."),
    SYN_QUEUE_FULL_DROPS(
            "TcpExt.TCPReqQFullDrop",
            "synQueueFullDrops",
            Kind.COUNTER,
            Topic.SYN_QUEUE,
            "SYN queue full, SYN dropped",
            "A SYN that finds the SYN queue full while cookies are off moves it; such clients see 1 s and more, or a timeout."),
    SYN_CHALLENGES(
            "TcpExt.TCPSYNChallenge",
            "synChallenges",
            Kind.COUNTER,
            Topic.SYN_QUEUE,
            "SYNs on open connections",
            "A SYN within an open connection moves it and is answered by a challenge ACK (RFC"
                    + " 5961); a client reused a 4-tuple that this side still holds open."),
    SYN_RETRANSMITS(
            "TcpExt.TCPSynRetrans",
            "synRetransmits",
            Kind.COUNTER,
            Topic.CONNECT,
            "SYNs sent again",
            "Each SYN or SYN-ACK sent again moves it; each one adds a second or more to somebody's connect."),
    MIGRATED_REQUESTS(
            "TcpExt.TCPMigrateReqSuccess",
            "migratedRequests",
            Kind.COUNTER,
            Topic.ACCEPT,
            "Requests moved to another listener",
            "A pending connection of a closing SO_REUSEPORT listener that another listener took over moves it."),
    MIGRATION_FAILURES(
            "TcpExt.TCPMigrateReqFailure",
            "migrationFailures",
            Kind.COUNTER,
            Topic.ACCEPT,
            "Requests lost with their listener",
            "A pending connection of a closing SO_REUSEPORT listener that no other one could take moves it; the client is reset."),
    SKIPPED_ACKS_SYN_RECV(
            "TcpExt.TCPACKSkippedSynRecv",
            "skippedAcksSynRecv",
            Kind.COUNTER,
            Topic.SYN_QUEUE,
            "ACKs not sent in SYN_RECV",
            "An ACK for a repeated SYN that was held back by the rate limit moves it."),
    TIME_WAITS(
            "TcpExt.TW",
            "timeWaits",
            Kind.COUNTER,
            Topic.TIME_WAIT,
            "Connections that entered TIME_WAIT",
            "An active closer whose connection ended moves it when TIME_WAIT begins, for"
                    + " waits longer than about 4 s; orphaned FIN_WAIT2 count too."),
    TIME_WAITS_REUSED(
            "TcpExt.TWRecycled",
            "timeWaitsReused",
            Kind.COUNTER,
            Topic.TIME_WAIT,
            "TIME_WAITs reused by connect()",
            "A connect() that takes over a TIME_WAIT of its own side moves it; the proof that tcp_tw_reuse acted."),
    TIME_WAITS_KILLED(
            "TcpExt.TWKilled",
            "timeWaitsKilled",
            Kind.COUNTER,
            Topic.TIME_WAIT,
            "Short TIME_WAITs",
            "A TIME_WAIT-like wait of about 4 s or less moves it instead of TW, as with a short tcp_fin_timeout or TCP_LINGER2."),
    TIME_WAIT_OVERFLOWS(
            "TcpExt.TCPTimeWaitOverflow",
            "timeWaitOverflows",
            Kind.COUNTER,
            Topic.TIME_WAIT,
            "TIME_WAITs beyond the limit",
            "A connection that should enter TIME_WAIT when tcp_max_tw_buckets is reached moves"
                    + " it and is dropped at once, without the protection of the wait."),
    PAWS_ACTIVE_REJECTS(
            "TcpExt.PAWSActive",
            "pawsActiveRejects",
            Kind.COUNTER,
            Topic.TIME_WAIT,
            "SYN-ACKs refused by timestamp",
            "A SYN-ACK whose timestamp is older than what was sent moves it while connecting."),
    PAWS_REJECTS(
            "TcpExt.PAWSEstab",
            "pawsRejects",
            Kind.COUNTER,
            Topic.LOSS,
            "Segments refused by timestamp",
            "A segment of an open connection with an old timestamp moves it (PAWS, RFC 7323); a stale duplicate was kept out."),
    PAWS_TIME_WAIT_REJECTS(
            "TcpExt.PAWSTimewait",
            "pawsTimeWaitRejects",
            Kind.COUNTER,
            Topic.TIME_WAIT,
            "SYNs refused on a TIME_WAIT",
            "A SYN with an older timestamp that meets a TIME_WAIT moves it; clients"
                    + " behind one NAT address with unlike clocks see slow connects."),
    PAWS_OLD_ACKS(
            "TcpExt.PAWSOldAck",
            "pawsOldAcks",
            Kind.COUNTER,
            Topic.LOSS,
            "Old ACKs tolerated by PAWS",
            "A pure ACK that is out of order and has an old timestamp moves it; harmless."),
    BEYOND_WINDOW(
            "TcpExt.BeyondWindow",
            "beyondWindow",
            Kind.COUNTER,
            Topic.FLOW,
            "Segments beyond the window",
            "A segment that lies beyond the receive window moves it and is dropped; the peer ignored the window."),
    TIMESTAMP_ECHO_REJECTS(
            "TcpExt.TSEcrRejected",
            "timestampEchoRejects",
            Kind.COUNTER,
            Topic.CONNECT,
            "SYN-ACKs with a foreign timestamp echo",
            "A SYN-ACK or ACK that echoes a timestamp never sent moves it and is refused."),
    SKIPPED_ACKS_TIME_WAIT(
            "TcpExt.TCPACKSkippedTimeWait",
            "skippedAcksTimeWait",
            Kind.COUNTER,
            Topic.TIME_WAIT,
            "ACKs not sent in TIME_WAIT",
            "An ACK from TIME_WAIT that was held back by the rate limit moves it."),
    SKIPPED_ACKS_FIN_WAIT2(
            "TcpExt.TCPACKSkippedFinWait2",
            "skippedAcksFinWait2",
            Kind.COUNTER,
            Topic.CLOSE,
            "ACKs not sent in FIN_WAIT2",
            "An ACK from FIN_WAIT2 that was held back by the rate limit moves it."),
    ABORTS_ON_DATA(
            "TcpExt.TCPAbortOnData",
            "abortsOnData",
            Kind.COUNTER,
            Topic.CLOSE,
            "Aborts by linger 0 or data after close",
            "A close with SO_LINGER 0, or data that arrives after the process closed, moves it and sends an RST; no TIME_WAIT follows."),
    ABORTS_ON_CLOSE(
            "TcpExt.TCPAbortOnClose",
            "abortsOnClose",
            Kind.COUNTER,
            Topic.CLOSE,
            "Closes with unread data",
            "A close() while received data was not read moves it and sends an RST instead of"
                    + " a FIN; the peer may lose the end of what was sent to it."),
    ABORTS_ON_MEMORY(
            "TcpExt.TCPAbortOnMemory",
            "abortsOnMemory",
            Kind.COUNTER,
            Topic.MEMORY,
            "Aborts for lack of memory",
            "A connection given up because there are too many orphans or too little TCP memory moves it."),
    ABORTS_ON_TIMEOUT(
            "TcpExt.TCPAbortOnTimeout",
            "abortsOnTimeout",
            Kind.COUNTER,
            Topic.CLOSE,
            "Connections that timed out",
            "A connection given up after its retransmissions, keepalive probes or user timeout moves it; the peer has gone silent."),
    ABORTS_ON_LINGER(
            "TcpExt.TCPAbortOnLinger",
            "abortsOnLinger",
            Kind.COUNTER,
            Topic.CLOSE,
            "Aborts in FIN_WAIT2",
            "A connection in FIN_WAIT2 that is given up because of a negative TCP_LINGER2 moves it."),
    ABORT_FAILURES(
            "TcpExt.TCPAbortFailed",
            "abortFailures",
            Kind.COUNTER,
            Topic.MEMORY,
            "Resets that could not be sent",
            "An RST that could not be sent for lack of memory moves it; the peer will not learn that the connection is gone."),
    CHALLENGE_ACKS(
            "TcpExt.TCPChallengeACK",
            "challengeAcks",
            Kind.COUNTER,
            Topic.CLOSE,
            "Challenge ACKs sent",
            "A suspicious RST, SYN or ACK within an open connection moves it (RFC 5961); also"
                    + " seen when a 4-tuple is reused while the peer is in LAST_ACK."),
    SKIPPED_CHALLENGE_ACKS(
            "TcpExt.TCPACKSkippedChallenge",
            "skippedChallengeAcks",
            Kind.COUNTER,
            Topic.CLOSE,
            "Challenge ACKs not sent",
            "A challenge ACK that was held back by the rate limit moves it."),
    RETRANSMIT_TIMEOUTS(
            "TcpExt.TCPTimeouts",
            "retransmitTimeouts",
            Kind.COUNTER,
            Topic.LOSS,
            "Retransmission timeouts",
            "A retransmission timer that fires moves it, for SYNs too; each is a pause of 200 ms or more."),
    SPURIOUS_TIMEOUTS(
            "TcpExt.TCPSpuriousRTOs",
            "spuriousTimeouts",
            Kind.COUNTER,
            Topic.LOSS,
            "Timeouts that were not needed",
            "A retransmission timeout that F-RTO found unneeded moves it; the path delays but does not lose."),
    LOSS_PROBES(
            "TcpExt.TCPLossProbes",
            "lossProbes",
            Kind.COUNTER,
            Topic.LOSS,
            "Tail loss probes sent",
            "A probe sent because the last ACK is late moves it (TLP); a slow peer is enough."),
    LOSS_PROBE_RECOVERIES(
            "TcpExt.TCPLossProbeRecovery",
            "lossProbeRecoveries",
            Kind.COUNTER,
            Topic.LOSS,
            "Losses repaired by a probe",
            "A tail loss probe that repaired a real loss moves it."),
    FAST_RETRANSMITS(
            "TcpExt.TCPFastRetrans",
            "fastRetransmits",
            Kind.COUNTER,
            Topic.LOSS,
            "Fast retransmits",
            "A segment sent again because of duplicate ACKs moves it: a loss repaired within a round trip."),
    SLOW_START_RETRANSMITS(
            "TcpExt.TCPSlowStartRetrans",
            "slowStartRetransmits",
            Kind.COUNTER,
            Topic.LOSS,
            "Retransmits in slow start",
            "A segment sent again while recovering from a timeout moves it."),
    LOST_RETRANSMITS(
            "TcpExt.TCPLostRetransmit",
            "lostRetransmits",
            Kind.COUNTER,
            Topic.LOSS,
            "Retransmits that were lost",
            "A retransmitted segment found lost again moves it; the path drops a lot."),
    RETRANSMIT_FAILURES(
            "TcpExt.TCPRetransFail",
            "retransmitFailures",
            Kind.COUNTER,
            Topic.LOSS,
            "Retransmits that could not be sent",
            "A retransmission that the lower layer refused moves it; a full device queue or a missing route."),
    SACK_RECOVERIES(
            "TcpExt.TCPSackRecovery",
            "sackRecoveries",
            Kind.COUNTER,
            Topic.LOSS,
            "Recoveries with SACK",
            "A loss recovery that begins on SACK information moves it."),
    RENO_RECOVERIES(
            "TcpExt.TCPRenoRecovery",
            "renoRecoveries",
            Kind.COUNTER,
            Topic.LOSS,
            "Recoveries without SACK",
            "A loss recovery that begins without SACK moves it; the peer or tcp_sack turned it off."),
    SACK_RECOVERY_FAILURES(
            "TcpExt.TCPSackRecoveryFail",
            "sackRecoveryFailures",
            Kind.COUNTER,
            Topic.LOSS,
            "Recoveries that ended in a timeout",
            "A loss recovery with SACK that needed a timeout after all moves it."),
    LOSS_FAILURES(
            "TcpExt.TCPLossFailures",
            "lossFailures",
            Kind.COUNTER,
            Topic.LOSS,
            "Timeouts after a timeout",
            "A timeout while already recovering from a timeout moves it."),
    SACK_RENEGING(
            "TcpExt.TCPSACKReneging",
            "sackReneging",
            Kind.COUNTER,
            Topic.LOSS,
            "SACKed data taken back",
            "A peer that drops data it had acknowledged by SACK moves it; it is short of memory."),
    SACK_REORDERS(
            "TcpExt.TCPSACKReorder",
            "sackReorders",
            Kind.COUNTER,
            Topic.LOSS,
            "Reorderings seen by SACK",
            "Segments that came out of order, found by SACK, move it."),
    TIMESTAMP_REORDERS(
            "TcpExt.TCPTSReorder",
            "timestampReorders",
            Kind.COUNTER,
            Topic.LOSS,
            "Reorderings seen by timestamp",
            "Segments that came out of order, found by timestamps, move it."),
    LOSS_UNDOS(
            "TcpExt.TCPLossUndo",
            "lossUndos",
            Kind.COUNTER,
            Topic.LOSS,
            "Timeouts taken back",
            "A timeout found unneeded afterwards, so that the window was restored, moves it."),
    DSACK_UNDOS(
            "TcpExt.TCPDSACKUndo",
            "dsackUndos",
            Kind.COUNTER,
            Topic.LOSS,
            "Recoveries taken back by DSACK",
            "A recovery found unneeded because the peer reported duplicates moves it."),
    DSACKS_RECEIVED(
            "TcpExt.TCPDSACKRecv",
            "dsacksReceived",
            Kind.COUNTER,
            Topic.LOSS,
            "Duplicates reported by the peer",
            "A DSACK received moves it: something was sent twice without need."),
    DSACKS_SENT(
            "TcpExt.TCPDSACKOldSent",
            "dsacksSent",
            Kind.COUNTER,
            Topic.LOSS,
            "Duplicates reported to the peer",
            "A DSACK sent for old data moves it: the peer sent something twice without need."),
    OUT_OF_ORDER_QUEUED(
            "TcpExt.TCPOFOQueue",
            "outOfOrderQueued",
            Kind.COUNTER,
            Topic.LOSS,
            "Segments that came too early",
            "A segment that arrived before an earlier one and was kept moves it."),
    OUT_OF_ORDER_DROPS(
            "TcpExt.TCPOFODrop",
            "outOfOrderDrops",
            Kind.COUNTER,
            Topic.MEMORY,
            "Early segments thrown away",
            "A segment out of order that was dropped for lack of buffer moves it."),
    OUT_OF_ORDER_MERGES(
            "TcpExt.TCPOFOMerge",
            "outOfOrderMerges",
            Kind.COUNTER,
            Topic.LOSS,
            "Early segments that overlapped",
            "A segment out of order that overlaps another one moves it."),
    SPURIOUS_RETRANSMITS_IN_HOST(
            "TcpExt.TCPSpuriousRtxHostQueues",
            "spuriousRetransmitsInHost",
            Kind.COUNTER,
            Topic.LOSS,
            "Retransmits of unsent data",
            "A retransmission of data that still waits in this host's queues moves it; the host, not the network, is late."),
    TIMEOUT_REHASHES(
            "TcpExt.TcpTimeoutRehash",
            "timeoutRehashes",
            Kind.COUNTER,
            Topic.LOSS,
            "Paths changed after a timeout",
            "A timeout after which the flow's hash was changed, to try another path, moves it; it accompanies retransmitted SYNs."),
    DUPLICATE_DATA_REHASHES(
            "TcpExt.TcpDuplicateDataRehash",
            "duplicateDataRehashes",
            Kind.COUNTER,
            Topic.LOSS,
            "Paths changed after duplicates",
            "Duplicate data after which the flow's hash was changed moves it."),
    KEEPALIVE_PROBES(
            "TcpExt.TCPKeepAlive",
            "keepaliveProbes",
            Kind.COUNTER,
            Topic.FLOW,
            "TCP keepalive probes sent",
            "Each probe of the SO_KEEPALIVE timer moves it; this has nothing to do with connections kept for more requests."),
    WINDOW_PROBES(
            "TcpExt.TCPWinProbe",
            "windowProbes",
            Kind.COUNTER,
            Topic.FLOW,
            "Zero-window probes sent",
            "A probe sent to a peer whose window is closed moves it; the peer does not read."),
    WINDOW_REOPENED(
            "TcpExt.TCPFromZeroWindowAdv",
            "windowReopened",
            Kind.COUNTER,
            Topic.FLOW,
            "Window opened again",
            "This side telling the peer that it has room again moves it."),
    WINDOW_CLOSED(
            "TcpExt.TCPToZeroWindowAdv",
            "windowClosed",
            Kind.COUNTER,
            Topic.FLOW,
            "Window closed",
            "This side telling the peer that it has no room moves it; the application here does not read fast enough."),
    WINDOW_WANTED_CLOSED(
            "TcpExt.TCPWantZeroWindowAdv",
            "windowWantedClosed",
            Kind.COUNTER,
            Topic.FLOW,
            "Window that should have been closed",
            "A window that could not be closed because it was already promised moves it."),
    ZERO_WINDOW_DROPS(
            "TcpExt.TCPZeroWindowDrop",
            "zeroWindowDrops",
            Kind.COUNTER,
            Topic.FLOW,
            "Data dropped at a closed window",
            "Data that came although the window was closed moves it."),
    DELAYED_ACKS(
            "TcpExt.DelayedACKs",
            "delayedAcks",
            Kind.COUNTER,
            Topic.FLOW,
            "Delayed ACKs sent",
            "An ACK sent because its timer ran out moves it; with Nagle's algorithm at the peer it is the 40 ms latency."),
    DELAYED_ACKS_LOCKED(
            "TcpExt.DelayedACKLocked",
            "delayedAcksLocked",
            Kind.COUNTER,
            Topic.FLOW,
            "Delayed ACKs put off further",
            "A delayed ACK that had to wait because the socket was busy moves it."),
    DELAYED_ACKS_LOST(
            "TcpExt.DelayedACKLost",
            "delayedAcksLost",
            Kind.COUNTER,
            Topic.FLOW,
            "ACKs that came too late",
            "A segment received again because its ACK was late or lost moves it."),
    AUTO_CORKINGS(
            "TcpExt.TCPAutoCorking",
            "autoCorkings",
            Kind.COUNTER,
            Topic.FLOW,
            "Small writes gathered",
            "A small segment held back because others wait in the device queue moves it (tcp_autocorking)."),
    RECEIVE_COALESCED(
            "TcpExt.TCPRcvCoalesce",
            "receiveCoalesced",
            Kind.COUNTER,
            Topic.FLOW,
            "Received segments merged",
            "A received segment merged into the one before it moves it; harmless."),
    BACKLOG_COALESCED(
            "TcpExt.TCPBacklogCoalesce",
            "backlogCoalesced",
            Kind.COUNTER,
            Topic.FLOW,
            "Segments merged while the socket was busy",
            "A segment merged into the socket's backlog moves it; the application held the socket."),
    ORIGINAL_DATA_SEGMENTS(
            "TcpExt.TCPOrigDataSent",
            "originalDataSegments",
            Kind.COUNTER,
            Topic.TRAFFIC,
            "Data segments sent first",
            "Each segment with new data moves it; the base for a rate of retransmission."),
    DELIVERED_SEGMENTS(
            "TcpExt.TCPDelivered",
            "deliveredSegments",
            Kind.COUNTER,
            Topic.TRAFFIC,
            "Segments known to have arrived",
            "Each segment acknowledged moves it, SYNs included."),
    DELIVERED_MARKED(
            "TcpExt.TCPDeliveredCE",
            "deliveredMarked",
            Kind.COUNTER,
            Topic.TRAFFIC,
            "Segments marked by the network",
            "Each acknowledged segment that the network marked by ECN moves it; a queue on the path is filling."),
    COMPRESSED_ACKS(
            "TcpExt.TCPAckCompressed",
            "compressedAcks",
            Kind.COUNTER,
            Topic.FLOW,
            "ACKs merged",
            "ACKs held back and merged into one move it; harmless."),
    FAST_PATH_SEGMENTS(
            "TcpExt.TCPHPHits",
            "fastPathSegments",
            Kind.COUNTER,
            Topic.TRAFFIC,
            "Segments on the fast path",
            "A data segment that took the receiver's short path moves it."),
    PURE_ACKS(
            "TcpExt.TCPPureAcks",
            "pureAcks",
            Kind.COUNTER,
            Topic.TRAFFIC,
            "ACKs without data",
            "A received ACK that carried no data and took the slow path moves it."),
    FAST_PATH_ACKS(
            "TcpExt.TCPHPAcks",
            "fastPathAcks",
            Kind.COUNTER,
            Topic.TRAFFIC,
            "ACKs on the fast path",
            "A received ACK that took the short path moves it."),
    SKIPPED_ACKS_PAWS(
            "TcpExt.TCPACKSkippedPAWS",
            "skippedAcksPaws",
            Kind.COUNTER,
            Topic.LOSS,
            "ACKs not sent after a PAWS reject",
            "An ACK for a segment with an old timestamp that was held back by the rate limit moves it."),
    SKIPPED_ACKS_SEQUENCE(
            "TcpExt.TCPACKSkippedSeq",
            "skippedAcksSequence",
            Kind.COUNTER,
            Topic.LOSS,
            "ACKs not sent for a wrong sequence",
            "An ACK for a segment out of the window that was held back by the rate limit moves it."),
    RECEIVE_PRUNES(
            "TcpExt.PruneCalled",
            "receivePrunes",
            Kind.COUNTER,
            Topic.MEMORY,
            "Receive buffers pruned",
            "A socket whose receive buffer overran and had to be compacted moves it."),
    RECEIVE_PRUNE_DROPS(
            "TcpExt.RcvPruned",
            "receivePruneDrops",
            Kind.COUNTER,
            Topic.MEMORY,
            "Segments dropped when pruning",
            "Data dropped because pruning the receive buffer did not help moves it."),
    OUT_OF_ORDER_PRUNES(
            "TcpExt.OfoPruned",
            "outOfOrderPrunes",
            Kind.COUNTER,
            Topic.MEMORY,
            "Early segments pruned",
            "Out-of-order data thrown away to make room moves it."),
    RECEIVE_COLLAPSED(
            "TcpExt.TCPRcvCollapsed",
            "receiveCollapsed",
            Kind.COUNTER,
            Topic.MEMORY,
            "Receive buffers compacted",
            "Segments copied together to save room in a receive buffer move it."),
    BACKLOG_DROPS(
            "TcpExt.TCPBacklogDrop",
            "backlogDrops",
            Kind.COUNTER,
            Topic.MEMORY,
            "Segments dropped at a busy socket",
            "A segment dropped because the socket was locked and its backlog was full moves it; not the backlog of listen()."),
    RECEIVE_QUEUE_DROPS(
            "TcpExt.TCPRcvQDrop",
            "receiveQueueDrops",
            Kind.COUNTER,
            Topic.MEMORY,
            "Segments dropped at a full receive queue",
            "Data dropped because the receive queue may not grow moves it."),
    EMERGENCY_MEMORY_DROPS(
            "TcpExt.PFMemallocDrop",
            "emergencyMemoryDrops",
            Kind.COUNTER,
            Topic.MEMORY,
            "Segments dropped in memory emergency",
            "A packet that was allocated from the emergency reserve and dropped moves it."),
    MEMORY_PRESSURES(
            "TcpExt.TCPMemoryPressures",
            "memoryPressures",
            Kind.COUNTER,
            Topic.MEMORY,
            "Times TCP ran into memory pressure",
            "TCP memory that crosses the middle value of tcp_mem moves it; buffers stop growing, on the whole host."),
    MEMORY_PRESSURE_MILLIS(
            "TcpExt.TCPMemoryPressuresChrono",
            "memoryPressureMillis",
            Kind.COUNTER,
            Topic.MEMORY,
            "Milliseconds of memory pressure",
            "The time spent above the middle value of tcp_mem, when it ends, moves it."),
    WRITE_QUEUE_TOO_BIG(
            "TcpExt.TCPWqueueTooBig",
            "writeQueueTooBig",
            Kind.COUNTER,
            Topic.MEMORY,
            "Write queues too long to split",
            "A segment that was not split because the write queue is already too long moves it."),
    MIN_TTL_DROPS(
            "TcpExt.TCPMinTTLDrop",
            "minTtlDrops",
            Kind.COUNTER,
            Topic.TRAFFIC,
            "Segments dropped for their TTL",
            "A segment whose TTL is below IP_MINTTL moves it."),
    LOCKED_ICMP_DROPS(
            "TcpExt.LockDroppedIcmps",
            "lockedIcmpDrops",
            Kind.COUNTER,
            Topic.TRAFFIC,
            "ICMP messages dropped at a busy socket",
            "An ICMP error that found the socket locked moves it; the error will not be reported."),
    OUT_OF_WINDOW_ICMPS(
            "TcpExt.OutOfWindowIcmps",
            "outOfWindowIcmps",
            Kind.COUNTER,
            Topic.TRAFFIC,
            "ICMP messages outside the window",
            "An ICMP error about data that is not in flight moves it; it was forged or late."),
    FAST_OPEN_ACTIVE(
            "TcpExt.TCPFastOpenActive",
            "fastOpenActive",
            Kind.COUNTER,
            Topic.FAST_OPEN,
            "Fast opens done as a client",
            "Data sent in a SYN and acknowledged moves it (RFC 7413)."),
    FAST_OPEN_ACTIVE_FAILURES(
            "TcpExt.TCPFastOpenActiveFail",
            "fastOpenActiveFailures",
            Kind.COUNTER,
            Topic.FAST_OPEN,
            "Fast opens refused",
            "Data sent in a SYN that was not acknowledged moves it; it is sent again after the handshake."),
    FAST_OPEN_PASSIVE(
            "TcpExt.TCPFastOpenPassive",
            "fastOpenPassive",
            Kind.COUNTER,
            Topic.FAST_OPEN,
            "Fast opens taken as a server",
            "A SYN with a valid cookie and data that a listener took moves it."),
    FAST_OPEN_PASSIVE_FAILURES(
            "TcpExt.TCPFastOpenPassiveFail",
            "fastOpenPassiveFailures",
            Kind.COUNTER,
            Topic.FAST_OPEN,
            "Fast opens with a bad cookie",
            "A SYN with an invalid cookie moves it; a normal handshake follows."),
    FAST_OPEN_LISTEN_OVERFLOWS(
            "TcpExt.TCPFastOpenListenOverflow",
            "fastOpenListenOverflows",
            Kind.COUNTER,
            Topic.FAST_OPEN,
            "Fast open queue full",
            "A SYN with data that found the TCP_FASTOPEN queue full moves it; a normal handshake follows."),
    FAST_OPEN_COOKIE_REQUESTS(
            "TcpExt.TCPFastOpenCookieReqd",
            "fastOpenCookieRequests",
            Kind.COUNTER,
            Topic.FAST_OPEN,
            "Fast open cookies asked for",
            "A SYN that asks for a cookie moves it, which is the first connection of each client."),
    FAST_OPEN_BLACKHOLES(
            "TcpExt.TCPFastOpenBlackhole",
            "fastOpenBlackholes",
            Kind.COUNTER,
            Topic.FAST_OPEN,
            "Fast open switched off",
            "A path found to swallow fast opens moves it; the client stops using it for an hour and longer."),
    MD5_MISSING(
            "TcpExt.TCPMD5NotFound",
            "md5Missing",
            Kind.COUNTER,
            Topic.AUTHENTICATION,
            "Segments without the expected MD5",
            "A segment without the signature that TCP_MD5SIG asks for moves it and is dropped."),
    MD5_UNEXPECTED(
            "TcpExt.TCPMD5Unexpected",
            "md5Unexpected",
            Kind.COUNTER,
            Topic.AUTHENTICATION,
            "Segments with an unexpected MD5",
            "A segment with a signature that was not asked for moves it and is dropped."),
    MD5_FAILURES(
            "TcpExt.TCPMD5Failure",
            "md5Failures",
            Kind.COUNTER,
            Topic.AUTHENTICATION,
            "Segments with a wrong MD5",
            "A segment whose signature is wrong moves it and is dropped."),
    MTU_PROBE_FAILURES(
            "TcpExt.TCPMTUPFail",
            "mtuProbeFailures",
            Kind.COUNTER,
            Topic.TRAFFIC,
            "Path MTU probes that failed",
            "A probe for a larger packet that was lost moves it (tcp_mtu_probing)."),
    MTU_PROBE_SUCCESSES(
            "TcpExt.TCPMTUPSuccess",
            "mtuProbeSuccesses",
            Kind.COUNTER,
            Topic.TRAFFIC,
            "Path MTU probes that passed",
            "A probe for a larger packet that arrived moves it (tcp_mtu_probing)."),
    SOCKETS_IN_USE(
            "sockstat.TCP.inuse",
            "socketsInUse",
            Kind.GAUGE,
            Topic.MEMORY,
            "IPv4 TCP sockets in use",
            "The sockets of this namespace with an IPv4 family, without TIME_WAIT and half-open ones."),
    SOCKETS_IN_USE6(
            "sockstat.TCP6.inuse",
            "socketsInUse6",
            Kind.GAUGE,
            Topic.MEMORY,
            "IPv6 TCP sockets in use",
            "The sockets of this namespace with an IPv6 family, which most JVM sockets have even when they talk IPv4."),
    SOCKETS_ORPHANED(
            "sockstat.TCP.orphan",
            "socketsOrphaned",
            Kind.GAUGE,
            Topic.MEMORY,
            "Orphaned TCP sockets of the host",
            "Sockets that no process owns and that are not yet closed; this figure is of the whole host."),
    SOCKETS_TIME_WAIT(
            "sockstat.TCP.tw",
            "socketsTimeWait",
            Kind.GAUGE,
            Topic.TIME_WAIT,
            "TIME_WAITs now",
            "The TIME_WAITs of this namespace, of both families and all ports; orphaned FIN_WAIT2 are counted too."),
    SOCKETS_ALLOCATED(
            "sockstat.TCP.alloc",
            "socketsAllocated",
            Kind.GAUGE,
            Topic.MEMORY,
            "TCP sockets allocated on the host",
            "Every TCP socket that takes memory, closed ones included; this figure is of the whole host."),
    SOCKET_MEMORY_PAGES(
            "sockstat.TCP.mem",
            "socketMemoryPages",
            Kind.GAUGE,
            Topic.MEMORY,
            "Buffer memory of the host in pages",
            "Pages that TCP buffers hold, to be compared with tcp_mem; this figure is of the whole host.");

    /** Whether differences mean something. */
    public enum Kind {
        /** It only grows: report what it grew by. */
        COUNTER,
        /** A level or a setting: report what it is. */
        GAUGE
    }

    /** What part of a connection's life it speaks of. */
    public enum Topic {
        CONNECT,
        SYN_QUEUE,
        ACCEPT,
        CLOSE,
        TIME_WAIT,
        LOSS,
        FLOW,
        TRAFFIC,
        MEMORY,
        FAST_OPEN,
        AUTHENTICATION
    }

    private static final Map<String, KernelCounter> BY_KERNEL_NAME = new HashMap<>();
    private static final Map<String, KernelCounter> BY_ID = new HashMap<>();

    static {
        for (KernelCounter counter : values()) {
            BY_KERNEL_NAME.put(counter.kernelName, counter);
            BY_ID.put(counter.id, counter);
        }
    }

    private final String kernelName;
    private final String id;
    private final Kind kind;
    private final Topic topic;
    private final String label;
    private final String meaning;

    KernelCounter(String kernelName, String id, Kind kind, Topic topic, String label, String meaning) {
        this.kernelName = kernelName;
        this.id = id;
        this.kind = kind;
        this.topic = topic;
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

    /** Whether differences mean something. */
    public Kind kind() {
        return kind;
    }

    /** What part of a connection's life it speaks of. */
    public Topic topic() {
        return topic;
    }

    /** A few words for a table. */
    public String label() {
        return label;
    }

    /** One sentence or two: what moves it, and what that means to who sees it. */
    public String meaning() {
        return meaning;
    }

    /** The counter with this kernel name; empty for one that is not described here. */
    public static Optional<KernelCounter> byKernelName(String kernelName) {
        return Optional.ofNullable(BY_KERNEL_NAME.get(kernelName));
    }

    /** The counter with this id. */
    public static Optional<KernelCounter> byId(String id) {
        return Optional.ofNullable(BY_ID.get(id));
    }
}
