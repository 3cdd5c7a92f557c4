package io.tcplab.kernel.sockdiag;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.syscall.TcpInfo;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * One TCP socket as the kernel lists it.
 *
 * @param local its own end; an IPv4 connection of an IPv6 socket has IPv4 addresses here
 * @param remote the other end; port 0 for a listener
 * @param state never NEW_SYN_RECV; an orphaned FIN_WAIT2 has inode 0 and the timer TIME_WAIT
 * @param timer which timer runs
 * @param timerMillis what is left of it; a TIME_WAIT begins with 60000
 * @param retransmits how often the timer has fired
 * @param inode 0 when no process owns it
 * @param receiveQueue bytes received and unread; of a listener the accept queue's length
 * @param sendQueue bytes not yet acknowledged; of a listener the accept queue's limit
 * @param info TCP_INFO, if it was asked for and this state has it
 */
public record SocketReading(
        InetSocketAddress local,
        InetSocketAddress remote,
        TcpState state,
        SocketTimer timer,
        long timerMillis,
        int retransmits,
        long inode,
        long receiveQueue,
        long sendQueue,
        Optional<TcpInfo> info) {}
