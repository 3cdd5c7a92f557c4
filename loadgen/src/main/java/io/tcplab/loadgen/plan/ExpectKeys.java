package io.tcplab.loadgen.plan;

import io.tcplab.loadgen.plan.Script.Count;
import io.tcplab.loadgen.plan.Script.Endian;
import io.tcplab.loadgen.plan.Script.Exactly;
import io.tcplab.loadgen.plan.Script.Expect;
import io.tcplab.loadgen.plan.Script.Framing;
import io.tcplab.loadgen.plan.Script.LastLine;
import io.tcplab.loadgen.plan.Script.Length;
import io.tcplab.loadgen.plan.Script.Literal;
import io.tcplab.loadgen.plan.Script.Match;
import io.tcplab.loadgen.plan.Script.Regex;
import io.tcplab.loadgen.plan.Script.Until;
import io.tcplab.loadgen.plan.Script.UntilClose;
import java.util.List;

/** The keys of an answer that a script expects. */
final class ExpectKeys {

    /** The longest answer that can be looked into. */
    static final int MOST_MATCHED = 1 << 20;

    private static final int MOST_COUNTED = 1 << 30;
    private static final int USUAL_LINE = 1 << 16;
    private static final int USUAL_FRAME = 1 << 24;
    private static final int LONGEST_END = 64;
    private static final int FARTHEST_LENGTH = 64;
    private static final int WIDEST_LENGTH = 8;

    private static final Shape<Template> TEXT = new TemplateShapes.Text();
    private static final Shape<Template> HEX = new TemplateShapes.Hex();
    private static final Shape<Template> FILE = new TemplateShapes.FromFile();

    private static final Key<Length, Integer> AT =
            Key.of("at", Shapes.count(0, FARTHEST_LENGTH), 0, Length::at, "number of bytes before the length field");
    private static final Key<Length, Integer> BYTES =
            Key.of("bytes", Shapes.count(1, WIDEST_LENGTH), 4, Length::bytes, "size of the length field in bytes");
    private static final Key<Length, Endian> ENDIAN = Key.of(
            "endian", Shapes.word(Endian.class), Endian.BIG, Length::endian, "which byte of the length is first");
    private static final Key<Length, Long> ADDS = Key.optional(
            "adds",
            new SignedShape(-USUAL_LINE, USUAL_LINE),
            length -> (long) length.adds(),
            "is added to the number to get the size of the whole answer; by default the bytes up to the end of the length field, so"
                    + " that the number counts what follows; 0 if it counts the whole answer");
    private static final Key<Length, Integer> LENGTH_AT_MOST = Key.of(
            "atMost",
            Shapes.bytes(1, MOST_COUNTED),
            USUAL_FRAME,
            Length::atMost,
            "a longer answer, or an impossible length, is an error");

    private static final Form<Length> LENGTH =
            new Form<>(List.of(AT, BYTES, ENDIAN, ADDS, LENGTH_AT_MOST), ExpectKeys::length);

    private static final Key<Match, Template> LITERAL = Key.required(
            "literal",
            TEXT,
            match -> match instanceof Literal literal ? literal.bytes() : null,
            "bytes that must occur in the answer");

    private static final Shape<Match> MATCH = new ScalarOr<>(
            new RegexShape(),
            new Form<>(List.of(LITERAL), given -> new Literal(repeating(given.require(LITERAL), given.of(LITERAL)))),
            Regex.class::isInstance);

    private static final Key<Expect, Template> UNTIL = Key.optional(
            "until",
            TEXT,
            expect -> expect.framing() instanceof Until until ? until.end() : null,
            "the answer ends with this text");
    private static final Key<Expect, Match> LAST_LINE = Key.optional(
            "lastLine",
            new RegexShape(),
            expect -> expect.framing() instanceof LastLine lines ? lines.last() : null,
            "the answer is lines, up to the first in which this expression of RE2 is found: \"^[0-9]{3} \"");
    private static final Key<Expect, Integer> COUNT = Key.optional(
            "bytes",
            Shapes.bytes(1, MOST_COUNTED),
            expect -> expect.framing() instanceof Count count ? count.bytes() : null,
            "the answer has this many bytes");
    private static final Key<Expect, Length> BY_LENGTH = Key.optional(
            "length",
            LENGTH,
            expect -> expect.framing() instanceof Length length ? length : null,
            "the answer contains its own length");
    private static final Key<Expect, Boolean> CLOSE = Key.optional(
            "close",
            Shapes.FLAG,
            expect -> expect.framing() instanceof UntilClose ? true : null,
            "the answer ends with the peer's FIN");
    private static final Key<Expect, Template> EXPECT_HEX = Key.optional(
            "hex",
            HEX,
            expect -> expect.framing() instanceof Exactly exactly ? exactly.bytes() : null,
            "the answer is these bytes, as hexadecimal digits");
    private static final Key<Expect, Template> EXPECT_FILE = Key.optional(
            "file", FILE, _ -> null, "the answer is the bytes of a file of at most 256KiB, relative to the profile");
    private static final Key<Expect, Integer> AT_MOST = Key.optional(
            "atMost",
            Shapes.bytes(1, MOST_MATCHED),
            expect -> switch (expect.framing()) {
                case Until until -> until.atMost();
                case LastLine lines -> lines.atMost();
                case Count _, Length _, UntilClose _, Exactly _ -> null;
            },
            "with until and lastLine: a longer answer is an error (default: 64KiB)");
    private static final Key<Expect, Match> MATCHES = Key.optional(
            "match",
            MATCH,
            Expect::match,
            "an expression of RE2 that must be found in the answer, or {literal: text}; an answer of at most 1MiB");

    private static final List<Key<Expect, ?>> FRAMERS =
            List.of(UNTIL, LAST_LINE, COUNT, BY_LENGTH, CLOSE, EXPECT_HEX, EXPECT_FILE);

    /** A whole answer: its text, or how it ends. */
    static final Shape<Expect> SHAPE = new ScalarOr<>(
            TEXT.as(text -> new Expect("", new Exactly(text), null), expect -> ((Exactly) expect.framing()).bytes()),
            new Form<>(
                    List.of(UNTIL, LAST_LINE, COUNT, BY_LENGTH, CLOSE, EXPECT_HEX, EXPECT_FILE, AT_MOST, MATCHES),
                    ExpectKeys::expect),
            expect -> expect.framing() instanceof Exactly exactly
                    && exactly.bytes().isText());

    private ExpectKeys() {}

    private static Length length(Given given) {
        int header = given.of(AT) + given.of(BYTES);
        Long adds = given.find(ADDS);
        Length length = new Length(
                given.of(AT),
                given.of(BYTES),
                given.of(ENDIAN),
                adds == null ? header : Math.toIntExact(adds),
                given.of(LENGTH_AT_MOST));
        if (length.at() + length.bytes() > length.atMost()) {
            throw given.near(LENGTH_AT_MOST).meaning("is less than the bytes that end with the length");
        }
        if (adds != null && (adds > length.atMost() || greatest(length) < header - adds)) {
            throw given.near(ADDS)
                    .meaning("makes every length impossible: an answer has at least the " + header
                            + " bytes that end with the length, and at most " + length.atMost());
        }
        return length;
    }

    /** The greatest number that fits into the length. */
    private static long greatest(Length length) {
        return length.bytes() == WIDEST_LENGTH ? Long.MAX_VALUE : (1L << (Byte.SIZE * length.bytes())) - 1;
    }

    private static Expect expect(Given given) {
        List<String> framers =
                FRAMERS.stream().map(Key::name).filter(given::has).toList();
        if (framers.size() != 1) {
            throw given.whole()
                    .meaning("must have exactly one of until, lastLine, bytes, length, close, hex, file"
                            + (framers.isEmpty() ? "" : ", not " + String.join(" and ", framers)));
        }
        if (given.has(AT_MOST.name()) && !given.has(UNTIL.name()) && !given.has(LAST_LINE.name())) {
            throw given.near(AT_MOST)
                    .meaning("has no effect without until or lastLine; a length has an atMost of its own");
        }
        Match match = given.find(MATCHES);
        Framing framing = framing(given, framers.getFirst(), match != null);
        if (match != null && framing instanceof Exactly) {
            throw given.near(MATCHES).meaning("has no effect where the whole answer is given; remove it");
        }
        return new Expect("", framing, match);
    }

    private static Framing framing(Given given, String framer, boolean matched) {
        return switch (framer) {
            case "until" -> {
                Template end = given.of(UNTIL);
                if (!end.isFixed()) {
                    throw given.near(UNTIL).meaning("must be without variables");
                }
                if (end.bytes().length > LONGEST_END) {
                    throw given.near(UNTIL).meaning("is longer than " + LONGEST_END + " bytes");
                }
                Integer atMost = given.find(AT_MOST);
                if (atMost != null && atMost < end.bytes().length) {
                    throw given.near(AT_MOST).meaning("is less than the bytes of until, with which the answer ends");
                }
                yield new Until(end, atMost == null ? USUAL_LINE : atMost);
            }
            case "lastLine" -> {
                Integer atMost = given.find(AT_MOST);
                yield new LastLine((Regex) given.of(LAST_LINE), atMost == null ? USUAL_LINE : atMost);
            }
            case "bytes" -> {
                int bytes = given.of(COUNT);
                if (matched && bytes > MOST_MATCHED) {
                    throw given.near(COUNT).meaning("is more than the 1MiB that match can look into");
                }
                yield new Count(bytes);
            }
            case "length" -> {
                Length length = given.of(BY_LENGTH);
                yield matched && length.atMost() > MOST_MATCHED
                        ? new Length(length.at(), length.bytes(), length.endian(), length.adds(), MOST_MATCHED)
                        : length;
            }
            case "close" -> {
                if (!given.of(CLOSE)) {
                    throw given.near(CLOSE).meaning("must be true; leave it out where the peer is not to close");
                }
                yield new UntilClose(matched ? MOST_MATCHED : Integer.MAX_VALUE);
            }
            case "hex" -> new Exactly(given.of(EXPECT_HEX));
            default -> new Exactly(given.of(EXPECT_FILE));
        };
    }

    /** What is random or the time cannot be expected back, as nothing keeps it. */
    static Template repeating(Value place, Template template) {
        for (Template.Piece piece : template.pieces()) {
            if (piece instanceof Template.Variable variable && !variable.kind().repeats()) {
                throw place.meaning("has a variable that is another each time; an answer can be expected to have"
                        + " ${index}, ${exchange} and ${member}");
            }
        }
        return template;
    }
}
