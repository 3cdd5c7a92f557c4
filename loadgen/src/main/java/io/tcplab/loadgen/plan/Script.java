package io.tcplab.loadgen.plan;

import io.tcplab.companion.ServedProtocol;
import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.kernel.Side;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Any protocol of requests and answers, written down step by step. It reads and writes itself by {@link ScriptKeys}.
 *
 * @param opening said once, before the first exchange; may be empty
 * @param exchange one exchange; has an answer
 * @param farewell said once, before the connection closes as planned; may be empty
 */
public record Script(List<Step> opening, List<Step> exchange, List<Step> farewell) implements Protocol {

    public Script {
        opening = List.copyOf(opening);
        exchange = List.copyOf(exchange);
        farewell = List.copyOf(farewell);
    }

    /** One thing that is done. */
    public sealed interface Step {
        /** Tags its latencies; empty = it has none. */
        String name();
    }

    /** These bytes are sent, together with those of a send right behind it unless one of them has a name. */
    public record Send(String name, Template bytes) implements Step {}

    /** An answer is waited for. */
    public record Expect(
            String name, Framing framing, @Nullable Match match) implements Step {}

    /** Nothing is sent for a time. */
    public record Pause(String name, long nanos) implements Step {}

    /** How long an answer is. */
    public sealed interface Framing {}

    /** It is these bytes and no others. */
    public record Exactly(Template bytes) implements Framing {}

    /** It ends with these bytes, without variables, and has at most {@code atMost} with them. */
    public record Until(Template end, int atMost) implements Framing {}

    /** It is lines, of which {@code last} is found in the last one alone, and has at most {@code atMost} bytes. */
    public record LastLine(Regex last, int atMost) implements Framing {}

    /** It has this many bytes. */
    public record Count(int bytes) implements Framing {}

    /**
     * It says its length itself.
     *
     * @param at how many bytes stand before the length
     * @param bytes of the length, 1 to 8
     * @param endian the order of these
     * @param adds what is added to the number to have the bytes of the whole answer
     * @param atMost bytes it may have in all
     */
    public record Length(int at, int bytes, Endian endian, int adds, int atMost) implements Framing {}

    /** It ends with the peer's FIN. */
    public record UntilClose(int atMost) implements Framing {}

    /** The order of bytes in a number. */
    public enum Endian {
        /** The most significant byte first, as in most protocols of the Internet. */
        BIG,
        /** The least significant byte first. */
        LITTLE
    }

    /** What an answer must have in it. */
    public sealed interface Match {}

    /** These bytes somewhere. */
    public record Literal(Template bytes) implements Match {}

    /** Something that this expression of RE2/J finds. */
    public record Regex(String expression) implements Match {}

    private Stream<Step> steps() {
        return Stream.of(opening, exchange, farewell).flatMap(List::stream);
    }

    /** The names of steps, in order, each once. */
    @Override
    public Set<String> stepNames() {
        Set<String> names = new LinkedHashSet<>();
        steps().map(Step::name).filter(name -> !name.isEmpty()).forEach(names::add);
        return names;
    }

    @Override
    public String words() {
        long steps = steps().count();
        return "script of " + steps + (steps == 1 ? " step" : " steps");
    }

    @Override
    public @Nullable ServedProtocol served() {
        return null;
    }

    @Override
    public Set<String> memberKeys() {
        return Set.of("exchanges", "think", "lifetime");
    }

    @Override
    public @Nullable String refusal(Close close, boolean ownServer) {
        return close.by() == Side.SERVER && close.how() != CloseStyle.FIN && close.how() != CloseStyle.RST
                ? "of a server's closes only fin and rst can be distinguished; write one of them"
                : null;
    }

    @Override
    public boolean hasLastWord() {
        return !farewell.isEmpty();
    }

    @Override
    public boolean speaksFirst() {
        return steps().dropWhile(Pause.class::isInstance).findFirst().orElseThrow() instanceof Send;
    }

    /** The peer's close ends the only exchange there can be. */
    @Override
    public boolean endsByClose() {
        return exchange.getLast() instanceof Expect expect && expect.framing() instanceof UntilClose;
    }
}
