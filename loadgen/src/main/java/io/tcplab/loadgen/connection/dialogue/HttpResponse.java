package io.tcplab.loadgen.connection.dialogue;

import io.tcplab.loadgen.connection.dialogue.Dialogue.Progress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The response that one connection is receiving, read as it comes and not kept: in any pieces, with its length, in chunks with
 * extensions and trailers, or until the end (RFC 9112, sections 6 and 7). Interim responses are passed over (1xx, RFC 9110 §15.2), but
 * 101, behind which another protocol begins. What stands behind the end of a response was not asked for.
 *
 * <p>What is kept: a head that comes in pieces, up to {@link HeadPieces#MOST_BYTES}, until it is complete.
 */
final class HttpResponse {

    /** A chunk's size has at most so many digits behind its leading zeros. */
    private static final int MOST_SIZE_DIGITS = 15;

    /** What comes next. */
    private enum Part {
        HEAD,
        BODY,
        CHUNK_SIZE,
        CHUNK_EXTENSION,
        CHUNK,
        CHUNK_END,
        TRAILER,
        UNTIL_CLOSE,
        OVER
    }

    private final HttpHead head;
    private final boolean toHead;
    private final @Nullable HttpBodyLook look;

    private Part part = Part.HEAD;
    private int status;
    private int interim;
    private boolean closes;
    private long idleSeconds = HttpHead.ABSENT;

    /** Bytes to come of the body or of the chunk; the chunk's size while it is read. */
    private long left;

    private int sizeDigits;

    /** Whether nothing has come of the line in progress, but perhaps a CR. */
    private boolean lineIsEmpty;

    private boolean hasCr;

    private final HeadPieces pieces = new HeadPieces();

    private String mismatch = "";

    /**
     * @param head of the loop, for one call at a time
     * @param toHead whether the request's method is HEAD: no body follows, whatever the head says
     * @param look where the body goes; absent = nobody looks at it
     */
    HttpResponse(HttpHead head, boolean toHead, @Nullable HttpBodyLook look) {
        this.head = head;
        this.toHead = toHead;
        this.look = look;
    }

    /** Forgets the response; the next byte begins another. */
    void begin() {
        part = Part.HEAD;
        interim = 0;
        if (!pieces.isEmpty()) {
            pieces.forget();
        }
        if (look != null) {
            look.begin();
        }
    }

    /** Of the response that is complete; 0 before. */
    int status() {
        return part == Part.OVER ? status : 0;
    }

    /** Of the last interim response; 0 = none has come. */
    int interimStatus() {
        return interim;
    }

    /** As the peer last said: after how many idle seconds it closes. */
    long idleSeconds() {
        return idleSeconds;
    }

    /** Another connection's responses come next. */
    void recycle() {
        begin();
        idleSeconds = HttpHead.ABSENT;
    }

    /** Takes the bytes that have come. */
    Progress feed(ByteBuffer bytes, int length) {
        int at = 0;
        while (at < length && part != Part.OVER) {
            int from = at;
            Part began = part;
            at = switch (began) {
                case HEAD -> readHead(bytes, at, length);
                case BODY, CHUNK -> readBody(bytes, at, length);
                case CHUNK_SIZE -> readSize(bytes, at, length);
                case CHUNK_EXTENSION -> skipExtension(bytes, at, length);
                case CHUNK_END -> readChunkEnd(bytes, at);
                case TRAILER -> readTrailer(bytes, at, length);
                case UNTIL_CLOSE -> pass(bytes, at, length - at);
                case OVER -> at;
            };
            if (at < 0) {
                return corrupted(began, bytes, from, length);
            }
        }
        if (part != Part.OVER) {
            return Progress.MORE;
        }
        return at < length && status != 101 ? corrupted(part, bytes, at, length) : end();
    }

    private Progress corrupted(Part began, ByteBuffer bytes, int from, int to) {
        String expected = switch (began) {
            case HEAD -> "the head of a response of HTTP/1";
            case CHUNK_SIZE -> "the size of a chunk";
            case CHUNK_END -> "the end of a chunk";
            case BODY, CHUNK, CHUNK_EXTENSION, TRAILER, UNTIL_CLOSE, OVER -> "nothing behind the response";
        };
        Escaped came = pieces.isEmpty()
                ? new Escaped().add(bytes, from, to)
                : new Escaped().add(pieces.bytes(), 0, pieces.length());
        mismatch = "expected " + expected + " and got " + came;
        return Progress.CORRUPTED;
    }

    /** What was expected and what came, of bytes that are no response. */
    String mismatch() {
        return mismatch;
    }

    /** Takes the end of the stream: the end of a body that nothing else ends announces the close (RFC 9112 §6.3). */
    Progress feedEnd() {
        if (part != Part.UNTIL_CLOSE) {
            return Progress.MORE;
        }
        part = Part.OVER;
        return Progress.LAST;
    }

    private Progress end() {
        return status == 101 ? Progress.REFUSED : closes ? Progress.LAST : Progress.COMPLETE;
    }

    private int readHead(ByteBuffer bytes, int at, int length) {
        if (!pieces.isEmpty()) {
            return readKeptHead(bytes, at, length);
        }
        int headBytes = head.read(bytes, at, length);
        if (headBytes == HttpHead.INCOMPLETE) {
            return pieces.add(bytes, at, length);
        } else if (headBytes < 0) {
            return headBytes;
        }
        begun();
        return at + headBytes;
    }

    /** The head has begun in an earlier piece. */
    private int readKeptHead(ByteBuffer bytes, int at, int length) {
        boolean showedStatus = pieces.showStatus();
        int next = pieces.add(bytes, at, length);
        if (next < 0 || (!pieces.areWhole() && (showedStatus || !pieces.showStatus()))) {
            return next;
        }
        int headBytes = head.read(pieces.bytes(), 0, pieces.length());
        if (headBytes == HttpHead.INCOMPLETE && !pieces.areWhole()) {
            return next;
        } else if (headBytes != pieces.length()) {
            return HttpHead.MALFORMED;
        }
        pieces.forget();
        begun();
        return next;
    }

    private void begun() {
        status = head.status();
        if (status < 200 && status != 101) {
            interim = status;
            return;
        }
        closes = head.closes();
        idleSeconds = head.idleSeconds();
        if (toHead || status == 101 || status == 204 || status == 304) {
            part = Part.OVER;
        } else if (head.isCoded()) {
            closes |= !head.isChunked();
            part = head.isChunked() ? Part.CHUNK_SIZE : Part.UNTIL_CLOSE;
            left = 0;
            sizeDigits = 0;
        } else if (head.contentLength() >= 0) {
            left = head.contentLength();
            part = left == 0 ? Part.OVER : Part.BODY;
        } else {
            part = Part.UNTIL_CLOSE;
        }
    }

    private int readBody(ByteBuffer bytes, int at, int length) {
        int count = (int) Math.min(left, length - at);
        left -= count;
        if (left == 0) {
            part = part == Part.BODY ? Part.OVER : Part.CHUNK_END;
            hasCr = false;
        }
        return pass(bytes, at, count);
    }

    private int pass(ByteBuffer bytes, int at, int count) {
        if (look != null) {
            look.take(bytes, at, count);
        }
        return at + count;
    }

    private int readSize(ByteBuffer bytes, int from, int length) {
        for (int at = from; at < length; at++) {
            int digit = Character.digit(bytes.get(at), 16);
            if (digit < 0) {
                part = Part.CHUNK_EXTENSION;
                byte there = bytes.get(at);
                boolean mayFollow = there == ';' || there == ' ' || there == '\t' || there == '\r' || there == '\n';
                return sizeDigits > 0 && mayFollow ? at : HttpHead.MALFORMED;
            }
            if (++sizeDigits > MOST_SIZE_DIGITS) {
                return HttpHead.MALFORMED;
            }
            left = left << 4 | digit;
            if (left == 0) {
                sizeDigits = 1;
            }
        }
        return length;
    }

    private int skipExtension(ByteBuffer bytes, int from, int length) {
        for (int at = from; at < length; at++) {
            if (bytes.get(at) == '\n') {
                part = left == 0 ? Part.TRAILER : Part.CHUNK;
                lineIsEmpty = true;
                return at + 1;
            }
        }
        return length;
    }

    private int readChunkEnd(ByteBuffer bytes, int at) {
        byte there = bytes.get(at);
        if (there == '\r' && !hasCr) {
            hasCr = true;
        } else if (there == '\n') {
            part = Part.CHUNK_SIZE;
            left = 0;
            sizeDigits = 0;
        } else {
            return HttpHead.MALFORMED;
        }
        return at + 1;
    }

    private int readTrailer(ByteBuffer bytes, int from, int length) {
        for (int at = from; at < length; at++) {
            byte there = bytes.get(at);
            if (there == '\n') {
                if (lineIsEmpty) {
                    part = Part.OVER;
                    return at + 1;
                }
                lineIsEmpty = true;
            } else if (there != '\r') {
                lineIsEmpty = false;
            }
        }
        return length;
    }
}
