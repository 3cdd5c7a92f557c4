package io.tcplab.loadgen.connection.wire;

/** What an operation's completion is about: the kind of operation, and a number that says whose. */
final class UringTag {

    static final int WAKE = 0;
    static final int SOCKET = 1;
    static final int SETTING = 2;
    static final int RECEIVE = 3;
    static final int INPUT = 4;
    static final int OUTPUT = 5;

    /** What tells only of a failure that has no consequence: a close, a cancellation that found nothing. */
    static final int REST = 6;

    private static final int KINDS = 3;

    private UringTag() {}

    static long of(int kind, long number) {
        return number << KINDS | kind;
    }

    static int kind(long tag) {
        return (int) tag & ((1 << KINDS) - 1);
    }

    static long number(long tag) {
        return tag >>> KINDS;
    }
}
