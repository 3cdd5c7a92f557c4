package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.quote;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.tcplab.loadgen.plan.Script.Count;
import io.tcplab.loadgen.plan.Script.Endian;
import io.tcplab.loadgen.plan.Script.Exactly;
import io.tcplab.loadgen.plan.Script.Expect;
import io.tcplab.loadgen.plan.Script.Framing;
import io.tcplab.loadgen.plan.Script.Length;
import io.tcplab.loadgen.plan.Script.Literal;
import io.tcplab.loadgen.plan.Script.Match;
import io.tcplab.loadgen.plan.Script.Pause;
import io.tcplab.loadgen.plan.Script.Regex;
import io.tcplab.loadgen.plan.Script.Send;
import io.tcplab.loadgen.plan.Script.Until;
import io.tcplab.loadgen.plan.Script.UntilClose;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys of a script's steps. */
final class ScriptKeys {

    /** The longest answer that can be looked into. */
    static final int MOST_MATCHED = 1 << 20;

    private static final int MOST_COUNTED = 1 << 30;
    private static final int USUAL_LINE = 1 << 16;
    private static final int USUAL_FRAME = 1 << 24;
    private static final int MOST_STEPS = 200;
    private static final int LONGEST_END = 64;
    private static final int LONGEST_EXPRESSION = 4_096;
    private static final int FARTHEST_LENGTH = 64;
    private static final int WIDEST_LENGTH = 8;

    private static final Shape<Template> TEXT = new TemplateShapes.Text();
    private static final Shape<Template> HEX = new TemplateShapes.Hex();
    private static final Shape<Template> FILE = new TemplateShapes.FromFile();

    private static final Key<Template, Template> PAYLOAD_HEX = Key.optional(
            "hex", HEX, template -> template, "bytes as hexadecimal digits; spaces may stand between them");
    private static final Key<Template, Template> PAYLOAD_FILE = Key.optional(
            "file",
            FILE,
            _ -> null,
            "a file of at most 256KiB, relative to the profile; a result has its bytes as hex");

    private static final Shape<Template> PAYLOAD =
            new ScalarOr<>(TEXT, new Form<>(List.of(PAYLOAD_HEX, PAYLOAD_FILE), ScriptKeys::payload), Template::isText);

    private static final Key<Length, Integer> AT = Key.of(
            "at", Shapes.count(0, FARTHEST_LENGTH), 0, Length::at, "how many bytes stand before the length itself");
    private static final Key<Length, Integer> BYTES =
            Key.of("bytes", Shapes.count(1, WIDEST_LENGTH), 4, Length::bytes, "how many bytes the length has");
    private static final Key<Length, Endian> ENDIAN = Key.of(
            "endian", Shapes.word(Endian.class), Endian.BIG, Length::endian, "which byte of the length is first");
    private static final Key<Length, Long> ADDS = Key.optional(
            "adds",
            new SignedShape(-USUAL_LINE, USUAL_LINE),
            length -> (long) length.adds(),
            "is added to the number to have the bytes of the whole answer; by default the bytes up to the length's end, so that the"
                    + " number counts what follows; 0 where it counts the whole answer");
    private static final Key<Length, Integer> LENGTH_AT_MOST = Key.of(
            "atMost",
            Shapes.bytes(1, MOST_COUNTED),
            USUAL_FRAME,
            Length::atMost,
            "a longer answer is refused, as a length that no answer has");

    private static final Form<Length> LENGTH =
            new Form<>(List.of(AT, BYTES, ENDIAN, ADDS, LENGTH_AT_MOST), ScriptKeys::length);

    private static final Key<Match, Template> LITERAL = Key.required(
            "literal",
            TEXT,
            match -> match instanceof Literal literal ? literal.bytes() : null,
            "bytes that the answer has somewhere");

    private static final Shape<Match> MATCH = new ScalarOr<>(
            new RegexShape(),
            new Form<>(List.of(LITERAL), given -> new Literal(repeating(given.require(LITERAL), given.of(LITERAL)))),
            Regex.class::isInstance);

    private static final Key<Expect, Template> UNTIL = Key.optional(
            "until",
            TEXT,
            expect -> expect.framing() instanceof Until until ? until.end() : null,
            "the answer ends with this text");
    private static final Key<Expect, Integer> COUNT = Key.optional(
            "bytes",
            Shapes.bytes(1, MOST_COUNTED),
            expect -> expect.framing() instanceof Count count ? count.bytes() : null,
            "the answer has this many bytes");
    private static final Key<Expect, Length> BY_LENGTH = Key.optional(
            "length",
            LENGTH,
            expect -> expect.framing() instanceof Length length ? length : null,
            "the answer says its length itself");
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
            expect -> expect.framing() instanceof Until until ? (Integer) until.atMost() : null,
            "with until: a longer answer is refused; 64KiB where it is not given");
    private static final Key<Expect, Match> MATCHES = Key.optional(
            "match",
            MATCH,
            Expect::match,
            "an expression of RE2 that must be found in the answer, or {literal: text}; an answer of at most 1MiB");

    private static final List<Key<Expect, ?>> FRAMERS =
            List.of(UNTIL, COUNT, BY_LENGTH, CLOSE, EXPECT_HEX, EXPECT_FILE);

    private static final Shape<Expect> EXPECT_SHAPE = new ScalarOr<>(
            TEXT.as(text -> new Expect("", new Exactly(text), null), expect -> ((Exactly) expect.framing()).bytes()),
            new Form<>(
                    List.of(UNTIL, COUNT, BY_LENGTH, CLOSE, EXPECT_HEX, EXPECT_FILE, AT_MOST, MATCHES),
                    ScriptKeys::expect),
            expect -> expect.framing() instanceof Exactly exactly
                    && exactly.bytes().isText());

    private static final Key<ScriptItem, String> NAME = Key.optional(
            "name",
            Shapes.text(
                    java.util.regex.Pattern.compile("(?![0-9-]+$)[a-zA-Z0-9_-]{1,64}"),
                    "a name of at most 64 letters, digits, _ and -, with a letter in it",
                    List.of("string", "boolean")),
            item -> item.name().isEmpty() ? null : item.name(),
            "the step's latencies are recorded as step.NAME");
    private static final Key<ScriptItem, Template> SEND = Key.optional(
            "send",
            PAYLOAD,
            item -> item.step() instanceof Send send ? send.bytes() : null,
            "text to be sent, with \\r \\n \\t \\0 \\xNN escapes and ${variables}; or {hex: …}, {file: …}");
    private static final Key<ScriptItem, Expect> EXPECT = Key.optional(
            "expect",
            EXPECT_SHAPE,
            item -> item.step() instanceof Expect expect ? expect : null,
            "the answer: its text, or how it ends");
    private static final Key<ScriptItem, Long> PAUSE = Key.optional(
            "pause",
            Shapes.nanos(1, Measure.LONGEST_NANOS),
            item -> item.step() instanceof Pause pause ? (Long) pause.nanos() : null,
            "a time in which nothing is sent");

    /** The steps inside {@code loop} and {@code last}. */
    private static final Shape<List<ScriptItem>> INNER =
            new ListOf<>(new Form<>(List.of(NAME, SEND, EXPECT, PAUSE), ScriptItem::step), 1, MOST_STEPS);

    private static final Key<ScriptItem, List<ScriptItem>> LOOP = Key.optional(
            "loop",
            INNER,
            item -> item.kind() == ScriptItem.Kind.LOOP ? item.inside() : null,
            "the steps of an exchange; what stands before it is said once in a connection");
    private static final Key<ScriptItem, List<ScriptItem>> LAST = Key.optional(
            "last",
            INNER,
            item -> item.kind() == ScriptItem.Kind.LAST ? item.inside() : null,
            "steps before the connection closes");

    /** The keys that make a step what it is; it has exactly one of them. */
    static final List<Key<ScriptItem, ?>> KINDS = List.of(SEND, EXPECT, PAUSE, LOOP, LAST);

    /** A whole script. */
    static final ScriptShape SHAPE = new ScriptShape(
            new ListOf<>(new Form<>(List.of(NAME, SEND, EXPECT, PAUSE, LOOP, LAST), ScriptItem::step), 1, MOST_STEPS));

    private ScriptKeys() {}

    /** What a step of one of {@link #KINDS} is. */
    static ScriptItem item(Given given, String kind) {
        String name = given.has(NAME.name()) ? given.of(NAME) : "";
        return switch (kind) {
            case "send" -> ScriptItem.of(new Send(name, given.of(SEND)));
            case "pause" -> ScriptItem.of(new Pause(name, given.of(PAUSE)));
            case "expect" -> {
                Expect expect = given.of(EXPECT);
                if (expect.framing() instanceof Exactly exactly) {
                    repeating(given.require(EXPECT), exactly.bytes());
                }
                yield ScriptItem.of(new Expect(name, expect.framing(), expect.match()));
            }
            default -> {
                if (!name.isEmpty()) {
                    throw given.near(NAME).meaning("has no effect beside " + kind + "; name a step inside it");
                }
                yield kind.equals(LOOP.name())
                        ? ScriptItem.of(ScriptItem.Kind.LOOP, given.of(LOOP))
                        : ScriptItem.of(ScriptItem.Kind.LAST, given.of(LAST));
            }
        };
    }

    private static Template payload(Given given) {
        if (given.has(PAYLOAD_HEX.name()) == given.has(PAYLOAD_FILE.name())) {
            throw given.whole().meaning("must have exactly one of hex and file");
        }
        return given.has(PAYLOAD_HEX.name()) ? given.of(PAYLOAD_HEX) : given.of(PAYLOAD_FILE);
    }

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
        return length;
    }

    private static Expect expect(Given given) {
        List<String> framers =
                FRAMERS.stream().map(Key::name).filter(given::has).toList();
        if (framers.size() != 1) {
            throw given.whole()
                    .meaning("must have exactly one of until, bytes, length, close, hex, file"
                            + (framers.isEmpty() ? "" : ", not " + String.join(" and ", framers)));
        }
        if (given.has(AT_MOST.name()) && !given.has(UNTIL.name())) {
            throw given.near(AT_MOST).meaning("has no effect without until; a length has an atMost of its own");
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
                yield new Until(end, atMost == null ? USUAL_LINE : atMost);
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
    private static Template repeating(Value place, Template template) {
        for (Template.Piece piece : template.pieces()) {
            if (piece instanceof Template.Variable variable && !variable.kind().repeats()) {
                throw place.meaning("has a variable that is another each time; an answer can be expected to have"
                        + " ${index}, ${exchange} and ${member}");
            }
        }
        return template;
    }

    /** An expression of RE2/J, whose search takes time linear in the answer's length (github.com/google/re2j). */
    private record RegexShape() implements Shape<Match> {
        @Override
        public Match read(Value value) {
            String expression = value.text(allowed());
            if (expression.length() > LONGEST_EXPRESSION) {
                throw value.meaning("is longer than any expression needs to be");
            }
            try {
                Pattern.compile(expression);
            } catch (PatternSyntaxException e) {
                throw value.meaning("is not an expression of RE2: " + e.getDescription() + " "
                        + quote(String.valueOf(e.getPattern()))
                        + "; put a \\ before a character that stands for itself");
            }
            return new Regex(expression);
        }

        @Override
        public Object write(Match match) {
            return ((Regex) match).expression();
        }

        @Override
        public java.util.Map<String, Object> schema() {
            return JsonSchema.of("type", List.of("string", "number", "boolean"));
        }

        @Override
        public String allowed() {
            return "an expression of RE2";
        }
    }

    static @Nullable String kindOf(Given given) {
        List<String> kinds = KINDS.stream().map(Key::name).filter(given::has).toList();
        return kinds.size() == 1 ? kinds.getFirst() : null;
    }
}
