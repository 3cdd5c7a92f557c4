package io.tcplab.kernel.syscall;

/** What the completion of a {@link Ring}'s operation is about: one of at most eight kinds of operation, and a number that says whose. */
public final class RingTag {

    private static final int KINDS = 3;

    private RingTag() {}

    /** {@code kind}: 0 to 7. */
    public static long of(int kind, long number) {
        return number << KINDS | kind;
    }

    public static int kind(long tag) {
        return (int) tag & ((1 << KINDS) - 1);
    }

    public static long number(long tag) {
        return tag >>> KINDS;
    }
}
