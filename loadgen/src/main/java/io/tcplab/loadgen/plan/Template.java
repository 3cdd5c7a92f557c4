package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.quote;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bytes with places to fill in: text whose characters are bytes (ISO 8859-1), with the escapes {@code \r \n \t \0 \\ \$ \xNN} and variables
 * such as <code>${index}</code>.
 *
 * @param source as it was written
 * @param pieces what it is made of, in order
 */
public record Template(String source, List<Piece> pieces) {

    /** The longest text, and the most bytes of a file or of hex digits. */
    static final int LARGEST_BYTES = 1 << 18;

    /** The most digits of one {@code random:hex}. */
    public static final int MOST_DIGITS = 4_096;

    private static final char LARGEST_CHARACTER = 0xFF;

    private static final Pattern NUMBERS = Pattern.compile("random:([0-9]{1,18})-([0-9]{1,18})");
    private static final Pattern DIGITS = Pattern.compile("random:hex:([0-9]{1,4})");
    private static final Map<String, Piece> WORDS = Map.of(
            "index", new Variable(Kind.INDEX, 0, 0),
            "exchange", new Variable(Kind.EXCHANGE, 0, 0),
            "member", new Variable(Kind.MEMBER, 0, 0),
            "time", new Variable(Kind.TIME, 0, 0));
    private static final List<String> KNOWN =
            List.of("index", "exchange", "member", "time", "random:1-1000", "random:hex:16");

    public Template {
        pieces = List.copyOf(pieces);
    }

    /** A part of the bytes. */
    public sealed interface Piece {}

    /**
     * Bytes that are always the same.
     *
     * @param hex two digits for each
     */
    public record Fixed(String hex) implements Piece {
        public byte[] bytes() {
            return HexFormat.of().parseHex(hex);
        }
    }

    /** What a variable stands for. */
    public enum Kind {
        /** The connection's number in the run, from 0. */
        INDEX,
        /** The exchange's number in its connection, from 0. */
        EXCHANGE,
        /** The name of the mix member. */
        MEMBER,
        /** Milliseconds since 1970. */
        TIME,
        /** A random number. */
        NUMBER,
        /** Random hexadecimal digits. */
        DIGITS;

        /** Whether it is the same however often it is asked for within an exchange, so that it can be expected back. */
        boolean repeats() {
            return this == INDEX || this == EXCHANGE || this == MEMBER;
        }
    }

    /**
     * Bytes that are made anew for each exchange.
     *
     * @param kind what it stands for
     * @param from the least number; otherwise 0
     * @param to the greatest number, or how many digits; otherwise 0
     */
    public record Variable(Kind kind, long from, long to) implements Piece {}

    /** Bytes without variables. */
    static Template ofHex(String digits) {
        return new Template("", digits.isEmpty() ? List.of() : List.of(new Fixed(digits)));
    }

    /** Whether it was written as text. */
    boolean isText() {
        return !source.isEmpty();
    }

    /** Whether it is the same bytes in every exchange. */
    public boolean isFixed() {
        return pieces.stream().allMatch(Fixed.class::isInstance);
    }

    /** The bytes of one without variables. */
    public byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Piece piece : pieces) {
            bytes.writeBytes(((Fixed) piece).bytes());
        }
        return bytes.toByteArray();
    }

    /** Reads text; {@code place} is where it was written. */
    static Template read(Value place, String text) {
        if (text.isEmpty()) {
            throw place.meaning("is empty");
        }
        if (text.length() > LARGEST_BYTES) {
            throw place.meaning("is longer than 256KiB");
        }
        return new Template(text, new Reading(place, text).pieces());
    }

    /** The text from one character to the next. */
    private static final class Reading {
        private final Value place;
        private final String text;
        private final List<Piece> pieces = new ArrayList<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int at;

        Reading(Value place, String text) {
            this.place = place;
            this.text = text;
        }

        List<Piece> pieces() {
            while (at < text.length()) {
                char c = text.charAt(at++);
                if (c == '\\') {
                    bytes.write(escaped());
                } else if (c == '$' && at < text.length() && text.charAt(at) == '{') {
                    flush();
                    pieces.add(variable());
                } else if (c > LARGEST_CHARACTER) {
                    throw place.meaning("has the character " + quote(String.valueOf(c))
                            + ", which is not one byte; write its bytes, such as \\xe2\\x82\\xac, or {hex: …}");
                } else {
                    bytes.write(c);
                }
            }
            flush();
            return pieces;
        }

        private void flush() {
            if (bytes.size() > 0) {
                pieces.add(new Fixed(HexFormat.of().formatHex(bytes.toByteArray())));
                bytes.reset();
            }
        }

        private int escaped() {
            char c = at < text.length() ? text.charAt(at++) : ' ';
            return switch (c) {
                case 'r' -> '\r';
                case 'n' -> '\n';
                case 't' -> '\t';
                case '0' -> 0;
                case '\\', '$' -> c;
                case 'x' -> hex();
                default ->
                    throw place.meaning("has the escape " + quote("\\" + c)
                            + "; known are \\r, \\n, \\t, \\0, \\xNN, \\\\ and \\$");
            };
        }

        private int hex() {
            int end = at + 2;
            if (end > text.length()
                    || !HexFormat.isHexDigit(text.charAt(at))
                    || !HexFormat.isHexDigit(text.charAt(at + 1))) {
                throw place.meaning("has \\x without two hexadecimal digits behind it, such as \\x0a");
            }
            int value = HexFormat.fromHexDigits(text, at, end);
            at = end;
            return value;
        }

        private Piece variable() {
            int end = text.indexOf('}', at);
            if (end < 0) {
                throw place.meaning("has ${ without a } behind it; write \\${ for the characters themselves");
            }
            String name = text.substring(at + 1, end);
            at = end + 1;
            Piece word = WORDS.get(name);
            return word == null ? random(name) : word;
        }

        private Piece random(String name) {
            Matcher numbers = NUMBERS.matcher(name);
            if (numbers.matches()) {
                long from = Long.parseLong(numbers.group(1));
                long to = Long.parseLong(numbers.group(2));
                if (from > to) {
                    throw place.meaning("has ${" + name + "}, whose first number is the greater one");
                }
                return new Variable(Kind.NUMBER, from, to);
            }
            Matcher digits = DIGITS.matcher(name);
            if (digits.matches()) {
                int count = Integer.parseInt(digits.group(1));
                if (count < 1 || count > MOST_DIGITS) {
                    throw place.meaning("has ${" + name + "}; random:hex gives 1 to " + MOST_DIGITS + " digits");
                }
                return new Variable(Kind.DIGITS, 0, count);
            }
            String typo = Typo.didYouMean(name, KNOWN);
            throw place.meaning("has the unknown variable ${" + ProfileError.plain(name, 60) + "}"
                    + (typo.isEmpty() ? "; known are " + String.join(", ", KNOWN) : typo));
        }
    }
}
