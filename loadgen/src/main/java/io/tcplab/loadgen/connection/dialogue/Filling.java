package io.tcplab.loadgen.connection.dialogue;

import io.tcplab.loadgen.plan.Template;
import io.tcplab.loadgen.plan.Template.Variable;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a script, with what its variables stand for at the moment. All loop-confined: a variable is written into one place, anew
 * whenever it is needed, and is the same within a turn.
 */
final class Filling {

    private static final int LONGEST_NUMBER = 20;
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);
    private static final int BITS_PER_DIGIT = 4;
    private static final int DIGITS_PER_DRAW = 16;

    /** Draws of scripts are apart from those of the mix, which count up from 0. */
    private static final int DRAWS = 1 << 30;

    /** Each piece is bytes, or a variable. */
    private final byte[] @Nullable [] fixed;

    private final @Nullable Variable[] variables;
    private final int firstNumber;
    private final int fixedBytes;
    private final boolean tellsTime;
    private final byte[] scratch;

    /** All bytes, where a caller needs them in one piece; as long as they can be. */
    private final byte[] whole;

    private final ByteBuffer wholeView;

    Filling(List<Template.Piece> pieces, String member, int firstNumber) {
        List<byte @Nullable []> texts = new ArrayList<>();
        List<@Nullable Variable> places = new ArrayList<>();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int longest = LONGEST_NUMBER;
        for (Template.Piece piece : pieces) {
            switch (piece) {
                case Template.Fixed bytes -> text.writeBytes(bytes.bytes());
                case Variable variable
                when variable.kind() == Template.Kind.MEMBER ->
                    text.writeBytes(member.getBytes(StandardCharsets.ISO_8859_1));
                case Variable variable -> {
                    add(texts, places, text);
                    texts.add(null);
                    places.add(variable);
                    longest = Math.max(longest, variable.kind() == Template.Kind.DIGITS ? (int) variable.to() : 0);
                }
            }
        }
        add(texts, places, text);
        this.fixed = texts.toArray(byte[][]::new);
        this.variables = places.toArray(Variable[]::new);
        this.firstNumber = firstNumber;
        this.fixedBytes = texts.stream()
                .mapToInt(bytes -> bytes == null ? 0 : bytes.length)
                .sum();
        this.tellsTime = places.stream().anyMatch(each -> each != null && each.kind() == Template.Kind.TIME);
        this.scratch = new byte[longest];
        this.whole = isFixed() ? fixed[0] : new byte[fixedBytes + places.size() * longest];
        this.wholeView = ByteBuffer.wrap(whole);
    }

    private static void add(
            List<byte @Nullable []> texts, List<@Nullable Variable> places, ByteArrayOutputStream text) {
        if (text.size() > 0) {
            texts.add(text.toByteArray());
            places.add(null);
            text.reset();
        }
    }

    private boolean isFixed() {
        return fixed.length == 1 && fixed[0] != null;
    }

    boolean tellsTime() {
        return tellsTime;
    }

    int length(Conversation conversation, Talk talk) {
        int length = fixedBytes;
        for (int i = 0; i < variables.length; i++) {
            Variable variable = variables[i];
            if (variable != null) {
                length += render(conversation, talk, variable, i);
            }
        }
        return length;
    }

    /** Writes from byte {@code offset} on as much as fits; returns how much. */
    int fill(Conversation conversation, Talk talk, int offset, ByteBuffer output) {
        output.clear();
        int skip = offset;
        for (int i = 0; i < fixed.length && output.hasRemaining(); i++) {
            byte[] text = fixed[i];
            Variable variable = variables[i];
            int length = text == null && variable != null ? render(conversation, talk, variable, i) : 0;
            byte[] bytes = text == null ? scratch : text;
            length = text == null ? length : text.length;
            int from = Math.min(skip, length);
            skip -= from;
            output.put(bytes, from, Math.min(length - from, output.remaining()));
        }
        return output.position();
    }

    /** All bytes; their number is {@link #length}. Until the next call. */
    byte[] whole(Conversation conversation, Talk talk) {
        if (!isFixed()) {
            fill(conversation, talk, 0, wholeView);
        }
        return whole;
    }

    /** Writes a variable into {@link #scratch}; returns its length. */
    private int render(Conversation conversation, Talk talk, Variable variable, int piece) {
        return switch (variable.kind()) {
            case INDEX -> number(conversation.index());
            case EXCHANGE -> number(conversation.exchange());
            case TIME -> number(talk.millis);
            case NUMBER -> {
                long span = variable.to() - variable.from() + 1;
                yield number(variable.from() + Long.remainderUnsigned(draw(conversation, talk, piece, 0), span));
            }
            case DIGITS -> digits(conversation, talk, piece, (int) variable.to());
            case MEMBER -> 0;
        };
    }

    private long draw(Conversation conversation, Talk talk, int piece, int more) {
        int exchange = talk.part == Dialogue.Part.EXCHANGE ? conversation.exchange() : -1;
        int mixed = (exchange + 1) * 0x9E3779B1 + (firstNumber + piece) * 0x85EBCA6B + more * 0xC2B2AE35;
        return conversation.random(mixed | DRAWS);
    }

    private int digits(Conversation conversation, Talk talk, int piece, int count) {
        long bits = 0;
        for (int i = 0; i < count; i++) {
            bits = i % DIGITS_PER_DRAW == 0
                    ? draw(conversation, talk, piece, i / DIGITS_PER_DRAW)
                    : bits >>> BITS_PER_DIGIT;
            scratch[i] = DIGITS[(int) bits & 0xF];
        }
        return count;
    }

    private int number(long value) {
        int length = 1;
        for (long rest = value; rest > 9; rest /= 10) {
            length++;
        }
        long rest = value;
        for (int i = length - 1; i >= 0; i--) {
            scratch[i] = DIGITS[(int) (rest % 10)];
            rest /= 10;
        }
        return length;
    }
}
