package io.tcplab.loadgen.connection.wire;

/**
 * Whether it pays to look for input instead of having the kernel tell of it: it does where the last looks mostly found something. A look
 * is tried now and then all the same. Confined to one event loop.
 */
final class Lookahead {

    private static final int FULL = 64;
    private static final int WORTH = 24;
    private static final int PROBE_EVERY = 256;

    private int confidence = WORTH;
    private int skipped;

    boolean worthLooking() {
        if (confidence >= WORTH || ++skipped >= PROBE_EVERY) {
            skipped = 0;
            return true;
        }
        return false;
    }

    void looked(boolean found) {
        confidence += found ? (FULL - confidence + 7) >> 3 : -((confidence + 7) >> 3);
    }
}
