package io.tcplab.loadgen.inspect;

import com.google.re2j.Pattern;
import io.tcplab.loadgen.plan.MixMember;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.Script;
import io.tcplab.loadgen.plan.Script.Expect;
import io.tcplab.loadgen.plan.Script.Step;
import io.tcplab.loadgen.plan.Template;
import io.tcplab.loadgen.run.BadUsage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Speaks a profile's script on a connection, one step after the other. Stateless. */
public final class ScriptTalk {

    private final Script script;
    private final String member;

    private ScriptTalk(Script script, String member) {
        this.script = script;
        this.member = member;
    }

    /** The script of the first member of the mix that has one; throws BadUsage where none has. */
    static ScriptTalk of(Profile profile) {
        for (MixMember each : profile.mix()) {
            if (profile.protocolOf(each) instanceof Script script) {
                return new ScriptTalk(script, each.name());
            }
        }
        throw new BadUsage("The profile " + profile.name() + " has no script.");
    }

    /** Whether anything is said before the first exchange. */
    boolean hasOpening() {
        return !script.opening().isEmpty();
    }

    /** Says what comes before the first exchange; whether the answers are those that are expected. */
    boolean open(Contact contact) {
        return !hasOpening()
                || steps(contact, script.opening(), () -> {}, Contact.PATIENCE_NANOS)
                        .came();
    }

    /** One exchange; {@code sent} runs when its last bytes have been sent. */
    Answer exchange(Contact contact, Runnable sent, long withinNanos) {
        return steps(contact, script.exchange(), sent, withinNanos);
    }

    /** What the client sends first in an exchange; empty where the server speaks first. */
    byte[] firstBytes() {
        for (Step step : script.exchange()) {
            if (step instanceof Script.Send send) {
                return filled(send.bytes());
            } else if (step instanceof Expect) {
                return new byte[0];
            }
        }
        return new byte[0];
    }

    private Answer steps(Contact contact, List<Step> steps, Runnable sent, long withinNanos) {
        long began = System.nanoTime();
        long deadline = began + withinNanos;
        AnswerReader reader = contact.reader();
        reader.unread().begin(began);
        long bytes = 0;
        for (int i = 0; i < steps.size(); i++) {
            switch (steps.get(i)) {
                case Script.Send send -> {
                    var _ = contact.send(filled(send.bytes()), deadline);
                    boolean more = steps.subList(i + 1, steps.size()).stream().anyMatch(Script.Send.class::isInstance);
                    if (!more) {
                        sent.run();
                    }
                }
                case Script.Pause pause -> pause(pause.nanos());
                case Expect expect -> {
                    Optional<byte[]> answer = read(reader.unread(), expect.framing(), deadline);
                    if (answer.isEmpty() || !matches(expect, answer.get())) {
                        return reader.scripted(began, bytes, false);
                    }
                    bytes += answer.get().length;
                }
            }
        }
        return reader.scripted(began, bytes, true);
    }

    private Optional<byte[]> read(UnreadBytes unread, Script.Framing framing, long deadline) {
        return switch (framing) {
            case Script.Exactly exactly -> unread.take(filled(exactly.bytes()).length, deadline);
            case Script.Until until -> unread.takeUntil(until.end().bytes(), until.atMost(), deadline);
            case Script.LastLine lines -> {
                Pattern last = Pattern.compile(lines.last().expression());
                yield unread.takeLines(line -> last.matcher(line).find(), lines.atMost(), deadline);
            }
            case Script.Count count -> unread.take(count.bytes(), deadline);
            case Script.Length length -> length(unread, length, deadline);
            case Script.UntilClose close -> unread.takeToTheEnd(close.atMost(), deadline);
        };
    }

    private static Optional<byte[]> length(UnreadBytes unread, Script.Length length, long deadline) {
        int before = length.at() + length.bytes();
        Optional<byte[]> head = unread.peek(before, deadline);
        if (head.isEmpty()) {
            return Optional.empty();
        }
        long value = 0;
        for (int i = 0; i < length.bytes(); i++) {
            int at = length.endian() == Script.Endian.BIG ? i : length.bytes() - 1 - i;
            value = (value << 8) | (head.get()[length.at() + at] & 0xff);
        }
        long whole = value + length.adds();
        return whole < before || whole > length.atMost() ? Optional.empty() : unread.take((int) whole, deadline);
    }

    private boolean matches(Expect expect, byte[] answer) {
        if (expect.framing() instanceof Script.Exactly exactly
                && exactly.bytes().isFixed()
                && !Arrays.equals(exactly.bytes().bytes(), answer)) {
            return false;
        }
        Script.@Nullable Match match = expect.match();
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        return switch (match) {
            case null -> true;
            case Script.Literal literal ->
                !literal.bytes().isFixed()
                        || text.contains(new String(literal.bytes().bytes(), StandardCharsets.ISO_8859_1));
            case Script.Regex regex ->
                Pattern.compile(regex.expression()).matcher(text).find();
        };
    }

    /** The bytes with their variables: each connection is the first, each exchange its first. */
    private byte[] filled(Template template) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Template.Piece piece : template.pieces()) {
            bytes.writeBytes(
                    switch (piece) {
                        case Template.Fixed fixed -> fixed.bytes();
                        case Template.Variable variable -> value(variable).getBytes(StandardCharsets.ISO_8859_1);
                    });
        }
        return bytes.toByteArray();
    }

    private String value(Template.Variable variable) {
        return switch (variable.kind()) {
            case INDEX, EXCHANGE -> "0";
            case MEMBER -> member;
            case TIME -> Long.toString(System.currentTimeMillis());
            case NUMBER -> Long.toString(ThreadLocalRandom.current().nextLong(variable.from(), variable.to() + 1));
            case DIGITS -> {
                byte[] random = new byte[(int) (variable.to() + 1) / 2];
                ThreadLocalRandom.current().nextBytes(random);
                yield HexFormat.of().formatHex(random).substring(0, (int) variable.to());
            }
        };
    }

    private static void pause(long nanos) {
        try {
            Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
