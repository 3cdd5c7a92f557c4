package io.tcplab.loadgen.plan;

import io.tcplab.loadgen.plan.Script.Exactly;
import io.tcplab.loadgen.plan.Script.Expect;
import io.tcplab.loadgen.plan.Script.Pause;
import io.tcplab.loadgen.plan.Script.Send;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys of a script's steps. */
final class ScriptKeys {

    private static final int MOST_STEPS = 200;

    private static final Shape<Template> HEX = new TemplateShapes.Hex();
    private static final Shape<Template> FILE = new TemplateShapes.FromFile();

    private static final Key<Template, Template> PAYLOAD_HEX = Key.optional(
            "hex", HEX, template -> template, "bytes as hexadecimal digits; spaces may stand between them");
    private static final Key<Template, Template> PAYLOAD_FILE = Key.optional(
            "file",
            FILE,
            _ -> null,
            "a file of at most 256KiB, relative to the profile; a result has its bytes as hex");

    private static final Shape<Template> PAYLOAD = new ScalarOr<>(
            new TemplateShapes.Text(),
            new Form<>(List.of(PAYLOAD_HEX, PAYLOAD_FILE), ScriptKeys::payload),
            Template::isText);

    private static final Key<ScriptItem, String> NAME = Key.optional(
            "name",
            Shapes.LABEL,
            item -> item.name().isEmpty() ? null : item.name(),
            "the step's latencies are recorded as step.NAME");
    private static final Key<ScriptItem, Template> SEND = Key.optional(
            "send",
            PAYLOAD,
            item -> item.step() instanceof Send send ? send.bytes() : null,
            "text to be sent, with \\r \\n \\t \\0 \\xNN escapes and ${variables}; or {hex: …}, {file: …}");
    private static final Key<ScriptItem, Expect> EXPECT = Key.optional(
            "expect",
            ExpectKeys.SHAPE,
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
            "the steps of an exchange; the steps before it run once per connection");
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
                    ExpectKeys.repeating(given.require(EXPECT), exactly.bytes());
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

    static @Nullable String kindOf(Given given) {
        List<String> kinds = KINDS.stream().map(Key::name).filter(given::has).toList();
        return kinds.size() == 1 ? kinds.getFirst() : null;
    }
}
