package io.tcplab.loadgen.inspect;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One HTTP response, or the answers of a script's exchange, as far as they came.
 *
 * @param status 0 where none came, or what came is no HTTP; {@link #SCRIPTED} of a script's answer that is as expected
 * @param minor 0 of HTTP/1.0, 1 of HTTP/1.1
 * @param fields by their name in small letters; of several with one name the values with a comma between them
 * @param bodyBytes of the body that came
 * @param whole whether all of it came
 * @param interim the 1xx that came before it
 * @param last what ended the reading where it is not whole, or the body was ended by the connection's end
 * @param askedNanos when the reading began, by System.nanoTime
 * @param firstNanos when the first byte came, 0 where none did
 * @param lastNanos when the last byte came
 * @param opening the first line
 */
public record Answer(
        int status,
        int minor,
        Map<String, String> fields,
        long bodyBytes,
        boolean whole,
        List<Integer> interim,
        Optional<Heard> last,
        long askedNanos,
        long firstNanos,
        long lastNanos,
        String opening) {

    private static final Pattern TIMEOUT = Pattern.compile("timeout=([0-9]{1,7})");

    /** The status of a script's answer that is as expected. */
    static final int SCRIPTED = 1;

    /** Whether a whole response came. */
    public boolean came() {
        return status > 0 && whole;
    }

    /** Whether the server says that it closes: {@code Connection: close}, or HTTP/1.0 without keep-alive (RFC 9112 §9.3). */
    public boolean announcesClose() {
        String connection = fields.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
        return status > 0 && (connection.contains("close") || (minor == 0 && !connection.contains("keep-alive")));
    }

    /** Whether no further request can follow: the server says so, or the connection's end was the body's (RFC 9112 §6.3). */
    public boolean ends() {
        return announcesClose() || last.filter(Heard::isEnd).isPresent();
    }

    /** What {@code Keep-Alive: timeout=N} announces, in seconds. */
    public Optional<Integer> announcedTimeoutSeconds() {
        return Optional.ofNullable(fields.get("keep-alive")).flatMap(value -> {
            Matcher timeout = TIMEOUT.matcher(value);
            return timeout.find() ? Optional.of(Integer.parseInt(timeout.group(1))) : Optional.empty();
        });
    }

    /** How long the server took for its first byte. */
    public long firstByteTookNanos() {
        return firstNanos - askedNanos;
    }

    /** Whether it says that there are too many requests, or not enough of something for them (RFC 6585 §4, RFC 9110 §15.6.4). */
    boolean isBusy() {
        return status == 429 || status == 503;
    }

    /** In words: {@code 200, 612 bytes}, {@code silence}, {@code reset}. */
    public String words() {
        if (status == SCRIPTED) {
            return "answered, " + bodyBytes + " bytes";
        } else if (status > 0) {
            return status + (whole ? ", " + bodyBytes + " bytes" : ", cut off after " + bodyBytes + " bytes");
        }
        String end = last.map(heard -> switch (heard) {
                    case Heard.Data _ -> "no HTTP";
                    case Heard.Fin _ -> "FIN without an answer";
                    case Heard.Reset reset -> "reset without an answer (" + reset.errno() + ")";
                    case Heard.Silence _ -> "silence";
                })
                .orElse("no HTTP");
        return opening.isEmpty() ? end : end + " after " + '"' + opening + '"';
    }
}
