package io.tcplab.loadgen.inspect;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads HTTP/1.x responses off a connection one after the other (RFC 9112 §6.3); what is behind one stays for the next. It
 * believes nothing: a head has 256 kB at most, a body is counted and thrown away, a wrong length ends the reading.
 */
final class AnswerReader {

    private static final int LONGEST_HEAD = 256 * 1024;
    private static final int LONGEST_OPENING = 120;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.([01]) ([1-9][0-9]{2})(?: .*)?");

    private final Contact contact;
    private byte[] held = new byte[0];
    private int start;

    // Of the response that is read.
    private long firstNanos;
    private long lastNanos;
    private @Nullable Heard end;

    AnswerReader(Contact contact) {
        this.contact = contact;
    }

    /** What was received and not read as part of a response; forgotten with this. */
    String rest() {
        String rest = new String(held, start, held.length - start, StandardCharsets.ISO_8859_1);
        start = held.length;
        return rest;
    }

    /** The next response; {@code head} where its request was HEAD, which has no body. */
    Answer read(boolean head, long deadlineNanos) {
        long asked = System.nanoTime();
        firstNanos = start < held.length ? asked : 0;
        lastNanos = firstNanos;
        end = null;
        List<Integer> interim = new ArrayList<>();
        while (true) {
            Optional<List<String>> lines = headLines(deadlineNanos);
            if (lines.isEmpty()) {
                return answer(asked, 0, 0, Map.of(), 0, false, interim, opening());
            }
            String opening = lines.get().getFirst();
            Matcher status = STATUS.matcher(opening);
            if (!status.matches()) {
                return answer(asked, 0, 0, Map.of(), 0, false, interim, shortened(opening));
            }
            int code = Integer.parseInt(status.group(2));
            if (code >= 100 && code < 200 && code != 101) {
                interim.add(code);
                continue;
            }
            Map<String, String> fields = fields(lines.get());
            boolean bare = head || code == 204 || code == 304 || code == 101;
            Body body = bare ? new Body(0, true) : body(fields, deadlineNanos);
            return answer(
                    asked,
                    code,
                    Integer.parseInt(status.group(1)),
                    fields,
                    body.bytes,
                    body.whole,
                    interim,
                    shortened(opening));
        }
    }

    private Answer answer(
            long asked,
            int status,
            int minor,
            Map<String, String> fields,
            long bytes,
            boolean whole,
            List<Integer> interim,
            String opening) {
        return new Answer(
                status,
                minor,
                fields,
                bytes,
                whole,
                List.copyOf(interim),
                Optional.ofNullable(end),
                asked,
                firstNanos,
                lastNanos,
                opening);
    }

    private record Body(long bytes, boolean whole) {}

    private Body body(Map<String, String> fields, long deadline) {
        if (fields.getOrDefault("transfer-encoding", "")
                .toLowerCase(Locale.ROOT)
                .contains("chunked")) {
            return chunked(deadline);
        }
        String length = fields.get("content-length");
        if (length == null) {
            return untilTheEnd(deadline);
        }
        if (!length.matches("[0-9]{1,15}")) {
            return new Body(0, false);
        }
        long wanted = Long.parseLong(length);
        long taken = skip(wanted, deadline);
        return new Body(taken, taken == wanted);
    }

    private Body chunked(long deadline) {
        long bytes = 0;
        while (true) {
            Optional<String> size = line(deadline);
            if (size.isEmpty() || !size.get().matches("[0-9a-fA-F]{1,12} *(;.*)?")) {
                return new Body(bytes, false);
            }
            long wanted = Long.parseLong(size.get().split("[ ;]", 2)[0], 16);
            if (wanted == 0) {
                return new Body(bytes, trailers(deadline));
            }
            long taken = skip(wanted, deadline);
            bytes += taken;
            if (taken < wanted || line(deadline).isEmpty()) {
                return new Body(bytes, false);
            }
        }
    }

    private boolean trailers(long deadline) {
        while (true) {
            Optional<String> line = line(deadline);
            if (line.isEmpty() || line.get().isEmpty()) {
                return line.isPresent();
            }
        }
    }

    private Body untilTheEnd(long deadline) {
        long bytes = skip(Long.MAX_VALUE, deadline);
        return new Body(bytes, end instanceof Heard.Fin);
    }

    private long skip(long wanted, long deadline) {
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

    private Optional<List<String>> headLines(long deadline) {
        List<String> lines = new ArrayList<>();
        int size = 0;
        while (true) {
            Optional<String> line = line(deadline);
            size += line.map(String::length).orElse(0);
            if (line.isEmpty() || size > LONGEST_HEAD) {
                return Optional.empty();
            }
            if (!line.get().isEmpty()) {
                lines.add(line.get());
                if (lines.size() == 1 && !line.get().startsWith("HTTP/")) {
                    return Optional.of(lines);
                }
            } else if (!lines.isEmpty()) {
                return Optional.of(lines);
            }
        }
    }

    /** A line without its end; empty where none comes. */
    private Optional<String> line(long deadline) {
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
            if (held.length - start > LONGEST_HEAD || !more(deadline)) {
                return Optional.empty();
            }
            looked = start + before;
        }
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

    /** Begins an answer of a script. */
    void begin() {
        firstNanos = start < held.length ? System.nanoTime() : 0;
        lastNanos = firstNanos;
        end = null;
    }

    /** What became of a script's exchange. */
    Answer scripted(long askedNanos, long bytes, boolean whole) {
        return answer(askedNanos, whole ? Answer.SCRIPTED : 0, 1, Map.of(), bytes, whole, List.of(), "");
    }

    /** The next bytes, which stay. */
    Optional<byte[]> peek(int bytes, long deadline) {
        while (held.length - start < bytes) {
            if (!more(deadline)) {
                return Optional.empty();
            }
        }
        return Optional.of(Arrays.copyOfRange(held, start, start + bytes));
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
            if (peek(size, deadline).isEmpty()) {
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
            if (peek(size, deadline).isEmpty()) {
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
                return end instanceof Heard.Fin ? take(held.length - start, deadline) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private String opening() {
        return shortened(rest());
    }

    private static String shortened(String line) {
        return line.length() > LONGEST_OPENING ? line.substring(0, LONGEST_OPENING) : line;
    }

    private static Map<String, String> fields(List<String> lines) {
        Map<String, String> fields = new HashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                String _ = fields.merge(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip(),
                        (one, other) -> one + ", " + other);
            }
        }
        return Map.copyOf(fields);
    }
}
