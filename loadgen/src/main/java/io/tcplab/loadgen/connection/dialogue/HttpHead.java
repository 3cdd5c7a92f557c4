package io.tcplab.loadgen.connection.dialogue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The head of an HTTP/1.x response, read where it lies (RFC 9112, sections 4 to 6). A line may end with LF alone (§2.2), a header may be
 * folded (§5.2) and have white space before its colon (§5.1), as long as it is not one that frames the message.
 *
 * <p>Holds what the last {@link #read} found. Nothing is allocated.
 */
final class HttpHead {

    /** {@link #read}: the empty line has not come. */
    static final int INCOMPLETE = 0;

    /** {@link #read}: whatever follows, this is no response. */
    static final int MALFORMED = -1;

    /** So many bytes show the status: {@code HTTP/1.1 200}. */
    static final int STATUS_BYTES = 12;

    static final long ABSENT = -1;

    private static final byte[] VERSION = ascii("HTTP/1.");
    private static final byte[] CONTENT_LENGTH = ascii("content-length");
    private static final byte[] CONNECTION = ascii("connection");
    private static final byte[] KEEP_ALIVE = ascii("keep-alive");
    private static final byte[] TRANSFER_ENCODING = ascii("transfer-encoding");
    private static final byte[] CLOSE = ascii("close");
    private static final byte[] CHUNKED = ascii("chunked");
    private static final byte[] TIMEOUT = ascii("timeout");
    private static final byte[] MAX = ascii("max");
    private static final int MOST_DIGITS = 18;

    /** A longer head is not known again. */
    private static final int MOST_KNOWN_BYTES = 1024;

    private int status;
    private boolean closes;
    private boolean coded;
    private boolean chunked;
    private long contentLength;
    private long idleSeconds;

    /**
     * The head that was read last, as it came: of a server's responses to one request most have the same, which then need not be read
     * again. A Date differs once a second.
     */
    private final ByteBuffer known = ByteBuffer.allocateDirect(MOST_KNOWN_BYTES);

    /** Its length; 0 = none is known. */
    private int knownBytes;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads the head at {@code from}, of bytes that have come as far as {@code to}; returns its length with the empty line. */
    int read(ByteBuffer bytes, int from, int to) {
        if (knownBytes > 0 && to - from >= knownBytes && isKnown(bytes, from)) {
            return knownBytes;
        }
        knownBytes = 0;
        int length = readAnew(bytes, from, to);
        if (length > 0 && length <= MOST_KNOWN_BYTES) {
            known.put(0, bytes, from, length);
            knownBytes = length;
        }
        return length;
    }

    private boolean isKnown(ByteBuffer bytes, int from) {
        int position = bytes.position();
        int limit = bytes.limit();
        bytes.limit(from + knownBytes).position(from);
        boolean same = bytes.mismatch(known.limit(knownBytes)) < 0;
        bytes.limit(limit).position(position);
        known.clear();
        return same;
    }

    private int readAnew(ByteBuffer bytes, int from, int to) {
        if (to - from < STATUS_BYTES) {
            return beginsLikeOne(bytes, from, to) ? INCOMPLETE : MALFORMED;
        }
        status = statusAt(bytes, from, to);
        if (status == 0) {
            return MALFORMED;
        }
        closes = bytes.get(from + VERSION.length) == '0';
        coded = false;
        chunked = false;
        contentLength = ABSENT;
        idleSeconds = ABSENT;
        int line = endOfLine(bytes, from + STATUS_BYTES, to);
        boolean framing = false;
        while (line > 0 && line < to) {
            byte first = bytes.get(line);
            if (first == '\n') {
                return line + 1 - from;
            } else if (first == '\r') {
                return line + 1 == to ? INCOMPLETE : bytes.get(line + 1) == '\n' ? line + 2 - from : MALFORMED;
            }
            int end = endOfLine(bytes, line, to);
            if (end <= 0) {
                return end;
            }
            if (first == ' ' || first == '\t') {
                if (framing) {
                    return MALFORMED;
                }
            } else {
                int colon = colon(bytes, line, end);
                if (colon < 0) {
                    return MALFORMED;
                }
                int known = header(bytes, line, colon, end);
                if (known < 0) {
                    return MALFORMED;
                }
                framing = known > 0;
            }
            line = end;
        }
        return line < 0 ? MALFORMED : INCOMPLETE;
    }

    /** Whether less than a status has come, and it is a beginning of one. */
    private static boolean beginsLikeOne(ByteBuffer bytes, int from, int to) {
        for (int i = 0; i < VERSION.length && from + i < to; i++) {
            if (bytes.get(from + i) != VERSION[i]) {
                return false;
            }
        }
        return true;
    }

    /** The status of a head that begins at {@code from}, whatever follows; 0 = none does. */
    static int statusAt(ByteBuffer bytes, int from, int to) {
        if (to - from < STATUS_BYTES || !beginsLikeOne(bytes, from, to)) {
            return 0;
        }
        int minor = bytes.get(from + 7) - '0';
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
        boolean ended = to - from == STATUS_BYTES || bytes.get(from + STATUS_BYTES) <= ' ';
        return valid && ended ? a * 100 + b * 10 + c : 0;
    }

    int status() {
        return status;
    }

    /** Whether the peer closes after this response: it says so, or speaks HTTP/1.0 and does not say that it keeps (RFC 9112 §9.3). */
    boolean closes() {
        return closes;
    }

    /** Whether a transfer coding frames the body, whatever else the head says (RFC 9112 §6.3). */
    boolean isCoded() {
        return coded;
    }

    /** Whether the last transfer coding is chunked; the end of any other is the end of the connection. */
    boolean isChunked() {
        return chunked;
    }

    /** Bytes of the body; {@link #ABSENT} where the head does not say. */
    long contentLength() {
        return contentLength;
    }

    /** After how many idle seconds the peer closes (Keep-Alive: timeout=5); {@link #ABSENT} where the head does not say. */
    long idleSeconds() {
        return idleSeconds;
    }

    /** The place after the line's LF; {@link #INCOMPLETE} = it has not come, {@link #MALFORMED} = a CR or NUL stands in the line. */
    private static int endOfLine(ByteBuffer bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte there = bytes.get(i);
            if (there == '\n') {
                return i + 1;
            } else if (there == '\r') {
                return i + 1 == to ? INCOMPLETE : bytes.get(i + 1) == '\n' ? i + 2 : MALFORMED;
            } else if (there == 0) {
                return MALFORMED;
            }
        }
        return INCOMPLETE;
    }

    /** The place of the colon behind a name; negative = there is none. */
    private static int colon(ByteBuffer bytes, int line, int end) {
        for (int i = line; i < end; i++) {
            byte there = bytes.get(i);
            if (there == ':') {
                return i == line ? -1 : i;
            } else if (there <= ' ' && there >= 0 && there != ' ' && there != '\t') {
                return -1;
            }
        }
        return -1;
    }

    /** Takes in a header: 1 = it frames the message, 0 = it does not, negative = it cannot be. */
    private int header(ByteBuffer bytes, int line, int colon, int end) {
        int first = bytes.get(line) | 0x20;
        if (first != 'c' && first != 't' && first != 'k') {
            return 0;
        }
        int name = colon;
        while (isBlank(bytes.get(name - 1)) && name > line + 1) {
            name--;
        }
        if (is(bytes, line, name, CONTENT_LENGTH)) {
            return readLength(bytes, colon + 1, end) ? 1 : -1;
        } else if (is(bytes, line, name, TRANSFER_ENCODING)) {
            coded = true;
            readCodings(bytes, colon + 1, end);
            return 1;
        } else if (is(bytes, line, name, CONNECTION)) {
            readConnection(bytes, colon + 1, end);
            return 1;
        } else if (is(bytes, line, name, KEEP_ALIVE)) {
            readKeepAlive(bytes, colon + 1, end);
        }
        return 0;
    }

    private static boolean is(ByteBuffer bytes, int from, int to, byte[] name) {
        if (to - from != name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            int there = bytes.get(from + i);
            if (there != name[i] && ((there | 0x20) != name[i] || name[i] < 'a')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBlank(byte there) {
        return there == ' ' || there == '\t' || there == '\r' || there == '\n';
    }

    private static boolean isBetween(byte there) {
        return isBlank(there) || there == ',';
    }

    private static int skip(ByteBuffer bytes, int from, int end) {
        int i = from;
        while (i < end && isBetween(bytes.get(i))) {
            i++;
        }
        return i;
    }

    /** The end of the word at {@code from}, without the white space behind it. */
    private static int endOfWord(ByteBuffer bytes, int from, int end) {
        int i = from;
        while (i < end && bytes.get(i) != ',' && bytes.get(i) != '\r' && bytes.get(i) != '\n') {
            i++;
        }
        while (i > from && isBlank(bytes.get(i - 1))) {
            i--;
        }
        return i;
    }

    /** Several lengths must be the same (RFC 9110 §8.6). */
    private boolean readLength(ByteBuffer bytes, int from, int end) {
        int i = skip(bytes, from, end);
        boolean any = false;
        while (i < end) {
            int last = endOfWord(bytes, i, end);
            long value = number(bytes, i, last);
            if (value < 0 || (contentLength >= 0 && contentLength != value)) {
                return false;
            }
            contentLength = value;
            any = true;
            i = skip(bytes, last, end);
        }
        return any;
    }

    /** Digits alone; negative = it is no number. */
    private static long number(ByteBuffer bytes, int from, int to) {
        if (from == to || to - from > MOST_DIGITS) {
            return ABSENT;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = bytes.get(i) - '0';
            if (digit < 0 || digit > 9) {
                return ABSENT;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private void readCodings(ByteBuffer bytes, int from, int end) {
        int i = skip(bytes, from, end);
        while (i < end) {
            int last = endOfWord(bytes, i, end);
            chunked = is(bytes, i, last, CHUNKED);
            i = skip(bytes, last, end);
        }
    }

    private void readConnection(ByteBuffer bytes, int from, int end) {
        int i = skip(bytes, from, end);
        while (i < end) {
            int last = endOfWord(bytes, i, end);
            if (is(bytes, i, last, CLOSE)) {
                closes = true;
                return;
            } else if (is(bytes, i, last, KEEP_ALIVE)) {
                closes = false;
            }
            i = skip(bytes, last, end);
        }
    }

    /** {@code timeout=5, max=100}; a max of 0 leaves no further request. */
    private void readKeepAlive(ByteBuffer bytes, int from, int end) {
        int i = skip(bytes, from, end);
        while (i < end) {
            int last = endOfWord(bytes, i, end);
            int equals = i;
            while (equals < last && bytes.get(equals) != '=') {
                equals++;
            }
            long value = equals == last ? ABSENT : number(bytes, equals + 1, last);
            if (value >= 0 && is(bytes, i, equals, TIMEOUT)) {
                idleSeconds = value;
            } else if (value == 0 && is(bytes, i, equals, MAX)) {
                closes = true;
            }
            i = skip(bytes, last, end);
        }
    }
}
