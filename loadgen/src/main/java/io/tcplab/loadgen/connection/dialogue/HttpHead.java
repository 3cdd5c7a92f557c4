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

    static final long ABSENT = -1;

    private static final byte[] CONTENT_LENGTH = ascii("content-length");
    private static final byte[] CONNECTION = ascii("connection");
    private static final byte[] KEEP_ALIVE = ascii("keep-alive");
    private static final byte[] TRANSFER_ENCODING = ascii("transfer-encoding");
    private static final byte[] CLOSE = ascii("close");
    private static final byte[] CHUNKED = ascii("chunked");
    private static final byte[] TIMEOUT = ascii("timeout");
    private static final byte[] MAX = ascii("max");

    /** A longer head is not known again. */
    private static final int MOST_KNOWN_BYTES = 1024;

    private int status;
    private boolean isOld;
    private boolean saysClose;
    private boolean saysKeep;
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
        if (to - from < StatusLine.BYTES) {
            return StatusLine.beginsLikeOne(bytes, from, to) ? INCOMPLETE : MALFORMED;
        }
        status = StatusLine.statusAt(bytes, from, to);
        if (status == 0) {
            return MALFORMED;
        }
        isOld = StatusLine.minorVersion(bytes, from) == 0;
        saysClose = false;
        saysKeep = false;
        coded = false;
        chunked = false;
        contentLength = ABSENT;
        idleSeconds = ABSENT;
        int line = HeadText.endOfLine(bytes, from + StatusLine.BYTES, to);
        boolean framing = false;
        while (line > 0 && line < to) {
            byte first = bytes.get(line);
            if (first == '\n') {
                return line + 1 - from;
            } else if (first == '\r') {
                return line + 1 == to ? INCOMPLETE : bytes.get(line + 1) == '\n' ? line + 2 - from : MALFORMED;
            }
            int end = HeadText.endOfLine(bytes, line, to);
            if (end <= 0) {
                return end;
            }
            if (first == ' ' || first == '\t') {
                if (framing) {
                    return MALFORMED;
                }
            } else {
                int colon = HeadText.colon(bytes, line, end);
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

    int status() {
        return status;
    }

    /**
     * Whether the peer closes after this response: it says so, or speaks HTTP/1.0 and does not say that it keeps. Where it says both,
     * it closes (RFC 9112 §9.3).
     */
    boolean closes() {
        return saysClose || (isOld && !saysKeep);
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

    /** Takes in a header: 1 = it frames the message, 0 = it does not, negative = it cannot be. */
    private int header(ByteBuffer bytes, int line, int colon, int end) {
        int first = bytes.get(line) | 0x20;
        if (first != 'c' && first != 't' && first != 'k') {
            return 0;
        }
        int name = colon;
        while (HeadText.isBlank(bytes.get(name - 1)) && name > line + 1) {
            name--;
        }
        if (HeadText.is(bytes, line, name, CONTENT_LENGTH)) {
            return readLength(bytes, colon + 1, end) ? 1 : -1;
        } else if (HeadText.is(bytes, line, name, TRANSFER_ENCODING)) {
            coded = true;
            readCodings(bytes, colon + 1, end);
            return 1;
        } else if (HeadText.is(bytes, line, name, CONNECTION)) {
            readConnection(bytes, colon + 1, end);
            return 1;
        } else if (HeadText.is(bytes, line, name, KEEP_ALIVE)) {
            readKeepAlive(bytes, colon + 1, end);
        }
        return 0;
    }

    /** Several lengths must be the same (RFC 9110 §8.6). */
    private boolean readLength(ByteBuffer bytes, int from, int end) {
        int i = HeadText.skip(bytes, from, end);
        boolean any = false;
        while (i < end) {
            int last = HeadText.endOfWord(bytes, i, end);
            long value = HeadText.number(bytes, i, last);
            if (value < 0 || (contentLength >= 0 && contentLength != value)) {
                return false;
            }
            contentLength = value;
            any = true;
            i = HeadText.skip(bytes, last, end);
        }
        return any;
    }

    private void readCodings(ByteBuffer bytes, int from, int end) {
        int i = HeadText.skip(bytes, from, end);
        while (i < end) {
            int last = HeadText.endOfWord(bytes, i, end);
            chunked = HeadText.is(bytes, i, last, CHUNKED);
            i = HeadText.skip(bytes, last, end);
        }
    }

    private void readConnection(ByteBuffer bytes, int from, int end) {
        int i = HeadText.skip(bytes, from, end);
        while (i < end) {
            int last = HeadText.endOfWord(bytes, i, end);
            saysClose |= HeadText.is(bytes, i, last, CLOSE);
            saysKeep |= HeadText.is(bytes, i, last, KEEP_ALIVE);
            i = HeadText.skip(bytes, last, end);
        }
    }

    /** {@code timeout=5, max=100}; a max of 0 leaves no further request. */
    private void readKeepAlive(ByteBuffer bytes, int from, int end) {
        int i = HeadText.skip(bytes, from, end);
        while (i < end) {
            int last = HeadText.endOfWord(bytes, i, end);
            int equals = i;
            while (equals < last && bytes.get(equals) != '=') {
                equals++;
            }
            long value = equals == last ? ABSENT : HeadText.number(bytes, equals + 1, last);
            if (value >= 0 && HeadText.is(bytes, i, equals, TIMEOUT)) {
                idleSeconds = value;
            } else if (value == 0 && HeadText.is(bytes, i, equals, MAX)) {
                saysClose = true;
            }
            i = HeadText.skip(bytes, last, end);
        }
    }
}
