package io.tcplab.loadgen.inspect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What has come on a connection and is not taken yet: bytes are taken from its front as an answer needs them, and what is behind one stays
 * for the next. It keeps when an answer's first and last byte came, and what ended it. One thread uses it.
 */
final class UnreadBytes {

    /** What a line has at most, and a head of them. */
    static final int LONGEST_LINE = 256 * 1024;

    private final Contact contact;
    private byte[] held = new byte[0];
    private int start;

    // Of the answer that is read.
    private long firstNanos;
    private long lastNanos;
    private @Nullable Heard end;

    UnreadBytes(Contact contact) {
        this.contact = contact;
    }

    /** Begins an answer: what is held already came at {@code nowNanos}. */
    void begin(long nowNanos) {
        firstNanos = start < held.length ? nowNanos : 0;
        lastNanos = firstNanos;
        end = null;
    }

    /** When the answer's first byte came; 0 where none has. */
    long firstNanos() {
        return firstNanos;
    }

    long lastNanos() {
        return lastNanos;
    }

    /** What came in place of more of the answer. */
    Optional<Heard> end() {
        return Optional.ofNullable(end);
    }

    /** Whether the peer's FIN has ended the answer. */
    boolean isFinished() {
        return end instanceof Heard.Fin;
    }

    /** What was received and not read as part of a response; forgotten with this. */
    String rest() {
        String rest = new String(held, start, held.length - start, StandardCharsets.ISO_8859_1);
        start = held.length;
        return rest;
    }

    /** The next line, without its end; empty where none comes. */
    Optional<String> line(long deadline) {
        int looked = start;
        while (true) {
            for (; looked < held.length; looked++) {
                if (held[looked] == '\n') {
                    int length = looked - start - (looked > start && held[looked - 1] == '\r' ? 1 : 0);
                    String line = new String(held, start, length, StandardCharsets.ISO_8859_1);
                    start = looked + 1;
                    return Optional.of(line);
                }
            }
            int before = looked - start;
            if (held.length - start > LONGEST_LINE || !more(deadline)) {
                return Optional.empty();
            }
            looked = start + before;
        }
    }

    /** Takes so many bytes and throws them away; returns how many came. */
    long skip(long wanted, long deadline) {
        long taken = 0;
        while (taken < wanted) {
            int here = (int) Math.min(wanted - taken, held.length - start);
            start += here;
            taken += here;
            if (taken < wanted && !more(deadline)) {
                return taken;
            }
        }
        return taken;
    }

    private boolean more(long deadline) {
        Heard heard = contact.hear(deadline);
        if (!(heard instanceof Heard.Data data)) {
            end = heard;
            return false;
        }
        firstNanos = firstNanos == 0 ? data.atNanos() : firstNanos;
        lastNanos = data.atNanos();
        byte[] both =
                Arrays.copyOf(Arrays.copyOfRange(held, start, held.length), held.length - start + data.bytes().length);
        System.arraycopy(data.bytes(), 0, both, held.length - start, data.bytes().length);
        held = both;
        start = 0;
        return true;
    }

    /** The next bytes, which stay. */
    Optional<byte[]> peek(int bytes, long deadline) {
        return has(bytes, deadline) ? Optional.of(Arrays.copyOfRange(held, start, start + bytes)) : Optional.empty();
    }

    private boolean has(int bytes, long deadline) {
        while (held.length - start < bytes) {
            if (!more(deadline)) {
                return false;
            }
        }
        return true;
    }

    /** The next bytes. */
    Optional<byte[]> take(int bytes, long deadline) {
        Optional<byte[]> taken = peek(bytes, deadline);
        start += taken.isPresent() ? bytes : 0;
        return taken;
    }

    /** The next bytes to the end of these, at most so many. */
    Optional<byte[]> takeUntil(byte[] mark, int atMost, long deadline) {
        for (int size = mark.length; size <= atMost; size++) {
            if (!has(size, deadline)) {
                return Optional.empty();
            }
            int from = start + size - mark.length;
            if (Arrays.equals(held, from, from + mark.length, mark, 0, mark.length)) {
                return take(size, deadline);
            }
        }
        return Optional.empty();
    }

    /** The next lines up to the first that is the last one, together at most so many bytes; a line is looked at without its end. */
    Optional<byte[]> takeLines(Predicate<String> isLast, int atMost, long deadline) {
        int begin = 0;
        for (int size = 1; size <= atMost; size++) {
            if (!has(size, deadline)) {
                return Optional.empty();
            }
            if (held[start + size - 1] == '\n') {
                String line = new String(held, start + begin, size - 1 - begin, StandardCharsets.ISO_8859_1);
                begin = size;
                if (isLast.test(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line)) {
                    return take(size, deadline);
                }
            }
        }
        return Optional.empty();
    }

    /** All bytes to the peer's FIN, at most so many. */
    Optional<byte[]> takeToTheEnd(int atMost, long deadline) {
        while (held.length - start <= atMost) {
            if (!more(deadline)) {
                return isFinished() ? take(held.length - start, deadline) : Optional.empty();
            }
        }
        return Optional.empty();
    }
}
