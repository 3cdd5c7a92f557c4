package io.tcplab.loadgen.connection.wire;

/** The kinds of operation in a {@link io.tcplab.kernel.syscall.RingTag}. */
final class UringTag {

    static final int WAKE = 0;
    static final int SOCKET = 1;
    static final int SETTING = 2;
    static final int RECEIVE = 3;
    static final int INPUT = 4;
    static final int OUTPUT = 5;

    /** What tells only of a failure that has no consequence: a close, a cancellation that found nothing. */
    static final int REST = 6;

    static final int SEND = 7;

    private UringTag() {}
}
