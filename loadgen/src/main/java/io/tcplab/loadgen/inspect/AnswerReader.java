package io.tcplab.loadgen.inspect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads HTTP/1.x responses off a connection one after the other (RFC 9112 §6.3); what is behind one stays for the next. It
 * believes nothing: a head has 256 kB at most, a body is counted and thrown away, a wrong length ends the reading.
 */
final class AnswerReader {

    private static final int LONGEST_OPENING = 120;
    private static final Pattern STATUS = Pattern.compile("(?s)HTTP/1\\.([01]) ([1-9][0-9]{2})(?: .*)?");
    private static final Pattern CHUNK_SIZE = Pattern.compile("(?s)0*[0-9a-fA-F]{1,12}[ \\t]*(;.*)?");

    private final UnreadBytes unread;

    AnswerReader(Contact contact) {
        this.unread = new UnreadBytes(contact);
    }

    /** What it reads from. */
    UnreadBytes unread() {
        return unread;
    }

    /** The next response; {@code head} where its request was HEAD, which has no body. */
    Answer read(boolean head, long deadlineNanos) {
        long asked = System.nanoTime();
        unread.begin(asked);
        List<Integer> interim = new ArrayList<>();
        while (true) {
            Optional<List<String>> lines = headLines(deadlineNanos);
            if (lines.isEmpty()) {
                return answer(asked, 0, 0, Map.of(), Body.NONE, interim, opening());
            }
            String opening = lines.get().getFirst();
            Matcher status = STATUS.matcher(opening);
            if (!status.matches()) {
                return answer(asked, 0, 0, Map.of(), Body.NONE, interim, shortened(opening));
            }
            int code = Integer.parseInt(status.group(2));
            if (code >= 100 && code < 200 && code != 101) {
                interim.add(code);
                continue;
            }
            Map<String, String> fields = fields(lines.get());
            boolean bare = head || code == 204 || code == 304 || code == 101;
            Body body = bare ? new Body(0, true) : body(fields, deadlineNanos);
            int minor = Integer.parseInt(status.group(1));
            return answer(asked, code, minor, fields, body, interim, shortened(opening));
        }
    }

    private Answer answer(
            long asked,
            int status,
            int minor,
            Map<String, String> fields,
            Body body,
            List<Integer> interim,
            String opening) {
        return new Answer(
                status,
                minor,
                fields,
                body.bytes,
                body.whole,
                List.copyOf(interim),
                unread.end(),
                asked,
                unread.firstNanos(),
                unread.lastNanos(),
                opening);
    }

    private record Body(long bytes, boolean whole) {
        static final Body NONE = new Body(0, false);
    }

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
            return Body.NONE;
        }
        long wanted = Long.parseLong(length);
        long taken = unread.skip(wanted, deadline);
        return new Body(taken, taken == wanted);
    }

    private Body chunked(long deadline) {
        long bytes = 0;
        while (true) {
            Optional<String> size = unread.line(deadline);
            if (size.isEmpty() || !CHUNK_SIZE.matcher(size.get()).matches()) {
                return new Body(bytes, false);
            }
            long wanted = Long.parseLong(size.get().split("[ \t;]", 2)[0], 16);
            if (wanted == 0) {
                return new Body(bytes, trailers(deadline));
            }
            long taken = unread.skip(wanted, deadline);
            bytes += taken;
            if (taken < wanted || unread.line(deadline).isEmpty()) {
                return new Body(bytes, false);
            }
        }
    }

    private boolean trailers(long deadline) {
        while (true) {
            Optional<String> line = unread.line(deadline);
            if (line.isEmpty() || line.get().isEmpty()) {
                return line.isPresent();
            }
        }
    }

    private Body untilTheEnd(long deadline) {
        long taken = unread.skip(Long.MAX_VALUE, deadline);
        return new Body(taken, unread.isFinished());
    }

    private Optional<List<String>> headLines(long deadline) {
        List<String> lines = new ArrayList<>();
        int size = 0;
        while (true) {
            Optional<String> line = unread.line(deadline);
            size += line.map(String::length).orElse(0);
            if (line.isEmpty() || size > UnreadBytes.LONGEST_LINE) {
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

    /** What became of a script's exchange. */
    Answer scripted(long askedNanos, long length, boolean whole) {
        return answer(askedNanos, whole ? Answer.SCRIPTED : 0, 1, Map.of(), new Body(length, whole), List.of(), "");
    }

    private String opening() {
        return shortened(unread.rest());
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
