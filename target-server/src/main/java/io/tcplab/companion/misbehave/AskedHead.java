package io.tcplab.companion.misbehave;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of a request.
 *
 * @param clear whether its first line is a request
 * @param ambiguous whether two servers may understand it in two ways (RFC 9112 §6.3, §3.2, §5.1)
 * @param method the method
 * @param path with its query
 * @param minor 0 of HTTP/1.0, 1 of HTTP/1.1
 * @param bodyBytes by the first Content-Length; -1 of a chunked one
 * @param closes whether it asks for the connection to be closed
 * @param keeps whether it asks for the connection to be kept
 * @param expects whether it waits for 100
 */
record AskedHead(
        boolean clear,
        boolean ambiguous,
        String method,
        String path,
        int minor,
        long bodyBytes,
        boolean closes,
        boolean keeps,
        boolean expects) {

    private static final Pattern LINE = Pattern.compile("([A-Z]{1,20}) (/[!-~]*) HTTP/1\\.([01])");
    private static final Pattern LENGTH = Pattern.compile("\\+?[0-9]{1,15}");
    private static final Pattern SIZE = Pattern.compile("[?&]size=([0-9]{1,9})");

    static AskedHead parse(String head) {
        String[] lines = head.split("\r?\n", -1);
        Matcher line = LINE.matcher(lines[0]);
        if (!line.matches()) {
            return new AskedHead(false, false, "", "", 1, 0, true, false, false);
        }
        List<String> lengths = new ArrayList<>();
        int hosts = 0;
        boolean chunked = false;
        boolean ambiguous = false;
        String connection = "";
        boolean expects = false;
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon <= 0) {
                continue;
            }
            String name = lines[i].substring(0, colon);
            String value = lines[i].substring(colon + 1).strip();
            ambiguous |= !name.equals(name.stripTrailing());
            switch (name.strip().toLowerCase(Locale.ROOT)) {
                case "content-length" -> lengths.add(value);
                case "transfer-encoding" -> chunked = true;
                case "host" -> hosts++;
                case "connection" -> connection = value.toLowerCase(Locale.ROOT);
                case "expect" -> expects = value.equalsIgnoreCase("100-continue");
                default -> {}
            }
        }
        ambiguous |= hosts > 1 || lengths.size() > 1 || (chunked && !lengths.isEmpty());
        ambiguous |= lengths.stream().anyMatch(each -> !each.matches("[0-9]{1,15}"));
        return new AskedHead(
                true,
                ambiguous,
                line.group(1),
                line.group(2),
                Integer.parseInt(line.group(3)),
                chunked ? -1 : length(lengths),
                connection.contains("close"),
                connection.contains("keep-alive"),
                expects);
    }

    private static long length(List<String> lengths) {
        return lengths.isEmpty() || !LENGTH.matcher(lengths.getLast()).matches()
                ? 0
                : Long.parseLong(lengths.getLast());
    }

    /** Whether there is something at the path. */
    boolean found() {
        return path.equals("/") || path.startsWith("/?");
    }

    /** {@code size=N} of the query, 6 without it. */
    int size() {
        Matcher size = SIZE.matcher(path);
        return size.find() ? Integer.parseInt(size.group(1)) : 6;
    }
}
