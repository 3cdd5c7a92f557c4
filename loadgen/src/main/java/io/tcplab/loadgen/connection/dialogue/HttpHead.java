package io.tcplab.loadgen.connection.dialogue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The head of a plain response, read where it lies: complete in one piece, of HTTP/1.0 or 1.1, with one Content-Length and no
 * Transfer-Encoding (RFC 9112, sections 4 to 6). Whatever is not as plain is left to a whole decoder, by saying no.
 *
 * <p>Holds what the last {@link #read} found. Nothing is allocated.
 */
final class HttpHead {

    private static final long HTTP_1_1 = 0x485454502F312E31L;
    private static final long HTTP_1_0 = 0x485454502F312E30L;
    private static final int STATUS_LINE = 13;
    private static final int MAX_LENGTH_DIGITS = 15;
    private static final byte DELETE = 127;
    private static final byte[] CONTENT_LENGTH = lower("content-length");
    private static final byte[] CONNECTION = lower("connection");
    private static final byte[] CLOSE = lower("close");
    private static final byte[] KEEP_ALIVE = lower("keep-alive");
    private static final byte[] TRANSFER_ENCODING = lower("transfer-encoding");

    private int status;
    private int headBytes;
    private boolean closes;
    private long contentLength;

    private static byte[] lower(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads the head at the beginning of {@code bytes}, of which {@code length} are there; false = it is not a plain one. */
    boolean read(ByteBuffer bytes, int length) {
        if (length < STATUS_LINE || !readStatus(bytes)) {
            return false;
        }
        contentLength = -1;
        int line = endOfLine(bytes, STATUS_LINE - 1, length);
        while (line > 0 && line + 1 < length) {
            if (bytes.get(line) == '\r') {
                headBytes = line + 2;
                return bytes.get(line + 1) == '\n' && contentLength >= 0;
            }
            int colon = endOfName(bytes, line, length);
            if (colon == 0 || is(bytes, line, colon, TRANSFER_ENCODING)) {
                return false;
            }
            if (is(bytes, line, colon, CONNECTION) && !readConnection(bytes, colon + 1, length)) {
                return false;
            }
            if (is(bytes, line, colon, CONTENT_LENGTH)
                    && (contentLength >= 0 || !readLength(bytes, colon + 1, length))) {
                return false;
            }
            line = endOfLine(bytes, colon + 1, length);
        }
        return false;
    }

    /** Whether it is 2xx or 3xx. */
    boolean succeeded() {
        return status >= 200 && status < 400;
    }

    int status() {
        return status;
    }

    /** Whether the peer closes after this response: it says so, or speaks HTTP/1.0 and does not say that it keeps (RFC 9112 §9.3). */
    boolean closes() {
        return closes;
    }

    /** The status of a head that begins here, whatever follows; 0 = none does. */
    int statusOf(ByteBuffer bytes, int length) {
        return length >= STATUS_LINE && readStatus(bytes) ? status : 0;
    }

    /** Bytes of the head with the empty line. */
    int headBytes() {
        return headBytes;
    }

    /** Bytes of the body. */
    long contentLength() {
        return contentLength;
    }

    /** 1xx has another response behind it; 204 and 304 have no body whatever they say. */
    private boolean readStatus(ByteBuffer bytes) {
        long version = bytes.getLong(0);
        if ((version != HTTP_1_1 && version != HTTP_1_0) || bytes.get(8) != ' ') {
            return false;
        }
        int a = bytes.get(9) - '0';
        int b = bytes.get(10) - '0';
        int c = bytes.get(11) - '0';
        if (a < 2 || a > 5 || b < 0 || b > 9 || c < 0 || c > 9) {
            return false;
        }
        status = a * 100 + b * 10 + c;
        closes = version == HTTP_1_0;
        byte next = bytes.get(12);
        return status != 204 && status != 304 && (next == ' ' || next == '\r');
    }

    /** The place after the line; 0 = it does not end, or not by CR LF, or holds what no value may hold. */
    private static int endOfLine(ByteBuffer bytes, int from, int length) {
        for (int i = from; i + 1 < length; i++) {
            byte there = bytes.get(i);
            if (there == '\r') {
                return bytes.get(i + 1) == '\n' ? i + 2 : 0;
            }
            if ((there >= 0 && there < ' ' && there != '\t') || there == DELETE) {
                return 0;
            }
        }
        return 0;
    }

    /** The place of the colon behind a name of letters, digits and hyphens; 0 = it is none. */
    private static int endOfName(ByteBuffer bytes, int from, int length) {
        for (int i = from; i < length; i++) {
            int there = bytes.get(i) | 0x20;
            boolean plain = (there >= 'a' && there <= 'z') || there == '-' || (there >= '0' && there <= '9');
            if (!plain) {
                return bytes.get(i) == ':' && i > from ? i : 0;
            }
            if (bytes.get(i) < '-') {
                return 0;
            }
        }
        return 0;
    }

    private static boolean is(ByteBuffer bytes, int from, int to, byte[] name) {
        if (to - from != name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if ((bytes.get(from + i) | 0x20) != name[i]) {
                return false;
            }
        }
        return true;
    }

    /** Reads the plain values, of one word each; false = it is another. */
    private boolean readConnection(ByteBuffer bytes, int from, int length) {
        int first = from;
        while (first < length && (bytes.get(first) == ' ' || bytes.get(first) == '\t')) {
            first++;
        }
        int end = first;
        while (end < length && bytes.get(end) != '\r') {
            end++;
        }
        boolean close = is(bytes, first, end, CLOSE);
        closes = close || (closes && !is(bytes, first, end, KEEP_ALIVE));
        return close || is(bytes, first, end, KEEP_ALIVE);
    }

    private boolean readLength(ByteBuffer bytes, int from, int length) {
        int i = from;
        while (i < length && (bytes.get(i) == ' ' || bytes.get(i) == '\t')) {
            i++;
        }
        int first = i;
        long value = 0;
        while (i < length && bytes.get(i) >= '0' && bytes.get(i) <= '9') {
            value = value * 10 + bytes.get(i) - '0';
            i++;
        }
        contentLength = value;
        return i > first && i - first <= MAX_LENGTH_DIGITS && i < length && bytes.get(i) == '\r';
    }
}
