package io.tcplab.loadgen.connection.wire;

import io.tcplab.kernel.syscall.FastCalls;
import java.net.InetSocketAddress;
import java.util.Optional;

/** A socket in this process's table of descriptors: what one system call does to it, however its loop waits. */
abstract class SocketWire implements Wire {

    private static final int TCP_SYN_SENT = 2;

    /** Places in struct tcp_info (linux/tcp.h), which only ever grows. */
    private static final int INFO_BACKOFF = 4;

    private static final int INFO_RETRANSMISSION = 8;
    private static final int INFO_RTT = 68;

    private static final int INFO_RETRANSMITS = 100;

    private static final int INFO_ACKNOWLEDGED = 120;
    private static final int INFO_RECEIVED = 128;
    private static final int INFO_NOT_SENT = 144;
    private static final int INFO_MIN_RTT = 148;
    private static final int INFO_SEGMENTS_RECEIVED = 152;
    private static final int INFO_SEGMENTS_SENT = 156;
    private static final int INFO_BUSY = 168;
    private static final int INFO_WINDOW_LIMITED = 176;
    private static final int INFO_SENT = 200;
    private static final int INFO_SENT_AGAIN = 208;
    private static final int INFO_UP_TO_SENT = 216;
    private static final int INFO_WINDOW = 228;
    private static final int INFO_UP_TO_WINDOW = 232;

    /** What tcp_min_rtt() gives before there was one (include/net/tcp.h). */
    private static final long NO_MIN_RTT = 0xffff_ffffL;

    final FastCalls calls;
    int descriptor;

    SocketWire(FastCalls calls, int descriptor) {
        this.calls = calls;
        this.descriptor = descriptor;
    }

    @Override
    public int establishedNow() {
        return calls.writable(descriptor) ? 1 : 0;
    }

    @Override
    public int connectResult() {
        int error = calls.soError(descriptor);
        return error == 0 && calls.tcpState(descriptor) == TCP_SYN_SENT ? IN_PROGRESS : error;
    }

    @Override
    public int send(Buffer buffer, int length) {
        return calls.send(descriptor, buffer.address(), length);
    }

    @Override
    public int shutdownOutput() {
        return calls.shutdownOutput(descriptor);
    }

    @Override
    public int linger(int seconds) {
        return calls.setLinger(descriptor, seconds);
    }

    @Override
    public int peek() {
        return calls.peek(descriptor);
    }

    @Override
    public final boolean isItsOwnPeer() {
        return calls.isItsOwnPeer(descriptor);
    }

    @Override
    public final Optional<InetSocketAddress> ownAddress() {
        return calls.ownAddress(descriptor);
    }

    @Override
    public boolean look(Vitals vitals) {
        int bytes = calls.readTcpInfo(descriptor);
        if (bytes < INFO_UP_TO_SENT) {
            return false;
        }
        vitals.state = calls.infoByte(0);
        vitals.retransmits = calls.infoInt(INFO_RETRANSMITS);
        vitals.acknowledgedBytes = Math.max(0, calls.infoLong(INFO_ACKNOWLEDGED) - 1);
        vitals.retransmittedBytes = calls.infoLong(INFO_SENT_AGAIN);
        vitals.sentBytes = calls.infoLong(INFO_SENT) - vitals.retransmittedBytes;
        vitals.receivedBytes = calls.infoLong(INFO_RECEIVED);
        vitals.sentSegments = calls.infoInt(INFO_SEGMENTS_SENT);
        vitals.receivedSegments = calls.infoInt(INFO_SEGMENTS_RECEIVED);
        vitals.busyMicros = calls.infoLong(INFO_BUSY);
        vitals.windowLimitedMicros = calls.infoLong(INFO_WINDOW_LIMITED);
        vitals.unacknowledgedBytes =
                Math.max(0, vitals.sentBytes - vitals.acknowledgedBytes + calls.infoInt(INFO_NOT_SENT));
        vitals.rttMicros = calls.infoInt(INFO_RTT);
        long minRttMicros = calls.infoInt(INFO_MIN_RTT);
        vitals.minRttMicros = minRttMicros == NO_MIN_RTT ? Vitals.ABSENT : minRttMicros;
        vitals.retransmissionMicros = calls.infoInt(INFO_RETRANSMISSION);
        vitals.backoff = calls.infoByte(INFO_BACKOFF);
        vitals.windowBytes = bytes < INFO_UP_TO_WINDOW ? Vitals.ABSENT : calls.infoInt(INFO_WINDOW);
        return true;
    }

    @Override
    public final int rttMicros() {
        return calls.rttMicros(descriptor);
    }
}
