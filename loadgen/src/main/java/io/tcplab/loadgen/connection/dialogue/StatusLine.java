package io.tcplab.loadgen.connection.dialogue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The beginning of an HTTP/1.x response, read where it lies (RFC 9112 §4). Nothing is allocated. */
final class StatusLine {

    /** So many bytes show the status: {@code HTTP/1.1 200}. */
    static final int BYTES = 12;

    private static final byte[] VERSION = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);

    private StatusLine() {}

    /** The digit behind {@code HTTP/1.}. */
    static int minorVersion(ByteBuffer bytes, int from) {
        return bytes.get(from + VERSION.length) - '0';
    }

    /** Whether less than a status has come, and it is a beginning of one. */
    static boolean beginsLikeOne(ByteBuffer bytes, int from, int to) {
        for (int i = 0; i < VERSION.length && from + i < to; i++) {
            if (bytes.get(from + i) != VERSION[i]) {
                return false;
            }
        }
        return true;
    }

    /** The status of a head that begins at {@code from}, whatever follows; 0 = none does. */
    static int statusAt(ByteBuffer bytes, int from, int to) {
        if (to - from < BYTES || !beginsLikeOne(bytes, from, to)) {
            return 0;
        }
        int minor = minorVersion(bytes, from);
        int a = bytes.get(from + 9) - '0';
        int b = bytes.get(from + 10) - '0';
        int c = bytes.get(from + 11) - '0';
        boolean valid = minor >= 0
                && minor <= 9
                && bytes.get(from + 8) == ' '
                && a >= 1
                && a <= 9
                && b >= 0
                && b <= 9
                && c >= 0
                && c <= 9;
        // "HTTP/1.1 2000" is not status 200.
        boolean ended = to - from == BYTES || bytes.get(from + BYTES) <= ' ';
        return valid && ended ? a * 100 + b * 10 + c : 0;
    }
}
