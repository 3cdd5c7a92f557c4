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

    /** Those of 2^64 - 1. */
    private static final int MOST_DIGITS = 20;

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
            String section = sectionOf(text, at);
            int nameEnd = nameEnd(section, text, at);
            int values = nameEnd + 1;
            if (!startsWith(text, values, text, at, section.length() + 1)) {
                at = values;
                continue;
            }
            if (wanted.contains(section)) {
                sections.add(read(names(section, text, at, nameEnd), text, values + section.length() + 1));
            }
            at = lineEnd(text, values) + 1;
        }
        return sections;
    }

    private static Section read(List<String> names, byte[] text, int from) {
        long[] values = new long[names.size()];
        int count = 0;
        int at = from;
        while (count < values.length) {
            int start = skipSpaces(text, at);
            boolean negative = start < text.length && text[start] == '-'; // written for MaxConn alone
            int first = negative ? start + 1 : start;
            long value = 0;
            at = first;
            while (at < text.length && text[at] >= '0' && text[at] <= '9') {
                value = 10 * value + (text[at] - '0');
                at++;
            }
            if (at == first || at - first > MOST_DIGITS || (at < text.length && text[at] > ' ')) {
                break;
            }
            values[count++] = negative ? -value : value;
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

    /** The end of the line of names at {@code from}: at once where it is the line that was seen before. */
    private int nameEnd(String section, byte[] text, int from) {
        Header header = known.get(section);
        if (header != null) {
            int end = from + header.line.length;
            if (end < text.length
                    && text[end] == '\n'
                    && Arrays.equals(text, from, end, header.line, 0, header.line.length)) {
                return end;
            }
        }
        return lineEnd(text, from);
    }

    /** The word before the colon that begins a line, or "" for a line that has none. */
    private static String sectionOf(byte[] text, int from) {
        for (int i = from; i < text.length && text[i] > ' '; i++) {
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

    /** Up to the next word, or to the end of the line. */
    private static int skipSpaces(byte[] text, int from) {
        int at = from;
        while (at < text.length && text[at] <= ' ' && text[at] != '\n') {
            at++;
        }
        return at;
    }
}
