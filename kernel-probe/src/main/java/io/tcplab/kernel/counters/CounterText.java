package io.tcplab.kernel.counters;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads /proc/net/netstat and /proc/net/snmp: pairs of lines, the names and then the values of one section
 * ({@code net/ipv4/proc.c}). Read ten times a second, so the names of a section are made once for each header seen.
 *
 * <p>Nothing throws: a section ends at the first word that is no number or has no name, and a line of names that is not
 * followed by the same section's values is passed over.
 */
final class CounterText {
    /** One section: values in the order of {@code names}, the same list object while the kernel's header stays. */
    static final class Section {
        private final List<String> names;
        private final long[] values;

        Section(List<String> names, long[] values) {
            this.names = names;
            this.values = values;
        }

        List<String> names() {
            return names;
        }

        int size() {
            return values.length;
        }

        long value(int index) {
            return values[index];
        }
    }

    private static final class Header {
        private final byte[] line;
        private final List<String> names;

        Header(byte[] line, List<String> names) {
            this.line = line;
            this.names = names;
        }
    }

    private final Set<String> wanted;
    private final Map<String, Header> known = new ConcurrentHashMap<>();

    /** {@code wanted}: the sections to keep, such as {@code TcpExt}. */
    CounterText(Set<String> wanted) {
        this.wanted = Set.copyOf(wanted);
    }

    List<Section> parse(byte[] text) {
        List<Section> sections = new ArrayList<>(wanted.size());
        int at = 0;
        while (at < text.length) {
            int nameEnd = lineEnd(text, at);
            String section = sectionOf(text, at, nameEnd);
            int values = nameEnd + 1;
            if (!startsWith(text, values, text, at, section.length() + 1)) {
                at = values;
                continue;
            }
            int valueEnd = lineEnd(text, values);
            if (wanted.contains(section)) {
                sections.add(read(names(section, text, at, nameEnd), text, values + section.length() + 1, valueEnd));
            }
            at = valueEnd + 1;
        }
        return sections;
    }

    private static Section read(List<String> names, byte[] text, int from, int to) {
        long[] values = new long[names.size()];
        int count = 0;
        int at = from;
        while (count < values.length) {
            int start = skipSpaces(text, at, to);
            int end = wordEnd(text, start, to);
            if (end == start || !isNumber(text, start, end)) {
                break;
            }
            values[count++] = number(text, start, end);
            at = end;
        }
        return count == values.length
                ? new Section(names, values)
                : new Section(names.subList(0, count), Arrays.copyOf(values, count));
    }

    private List<String> names(String section, byte[] text, int from, int to) {
        Header header = known.get(section);
        if (header == null || !Arrays.equals(text, from, to, header.line, 0, header.line.length)) {
            byte[] line = Arrays.copyOfRange(text, from, to);
            String[] words =
                    new String(line, StandardCharsets.ISO_8859_1).strip().split("\\s+");
            header = new Header(
                    line,
                    Arrays.stream(words)
                            .skip(1)
                            .map(word -> section + "." + word)
                            .toList());
            known.put(section, header);
        }
        return header.names;
    }

    /** The word before the colon that begins a line, or "" for a line that has none. */
    private static String sectionOf(byte[] text, int from, int to) {
        for (int i = from; i < to && text[i] != ' '; i++) {
            if (text[i] == ':') {
                return new String(text, from, i - from, StandardCharsets.ISO_8859_1);
            }
        }
        return "";
    }

    private static boolean startsWith(byte[] text, int at, byte[] prefix, int from, int length) {
        return length > 1
                && at + length <= text.length
                && Arrays.equals(text, at, at + length, prefix, from, from + length);
    }

    private static int lineEnd(byte[] text, int from) {
        int at = from;
        while (at < text.length && text[at] != '\n') {
            at++;
        }
        return at;
    }

    private static int skipSpaces(byte[] text, int from, int to) {
        int at = from;
        while (at < to && text[at] <= ' ') {
            at++;
        }
        return at;
    }

    private static int wordEnd(byte[] text, int from, int to) {
        int at = from;
        while (at < to && text[at] > ' ') {
            at++;
        }
        return at;
    }

    // 20 digits hold 2^64 - 1; a minus sign is written for MaxConn alone.
    private static boolean isNumber(byte[] text, int from, int to) {
        int first = text[from] == '-' ? from + 1 : from;
        if (first == to || to - first > 20) {
            return false;
        }
        for (int i = first; i < to; i++) {
            if (text[i] < '0' || text[i] > '9') {
                return false;
            }
        }
        return true;
    }

    private static long number(byte[] text, int from, int to) {
        boolean negative = text[from] == '-';
        long value = 0;
        for (int i = negative ? from + 1 : from; i < to; i++) {
            value = 10 * value + (text[i] - '0');
        }
        return negative ? -value : value;
    }
}
