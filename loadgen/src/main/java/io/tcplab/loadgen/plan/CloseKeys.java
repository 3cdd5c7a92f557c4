package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.quote;

import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.kernel.Side;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The keys of a mix member's {@code close}. */
final class CloseKeys {

    private static final int LONGEST_LINGER = 60;

    /** What a side does, with its time where it lingers. */
    private record Ending(CloseStyle how, int lingerSeconds) {}

    private static final Key<Close, Side> BY =
            Key.of("by", Shapes.word(Side.class), Side.CLIENT, Close::by, "the side that closes first");
    private static final Key<Close, Ending> HOW = Key.of(
            "how",
            new EndingShape(),
            new Ending(CloseStyle.FIN, 0),
            close -> new Ending(close.how(), close.lingerSeconds()),
            "fin = orderly close; rst = SO_LINGER {1,0} and close(2); half-close = FIN right after the last"
                    + " request; linger 2s = SO_LINGER {1,2} and close(2); abandon = never closed by that side");
    private static final Key<Close, Boolean> AWAIT_PEER = Key.of(
            "awaitPeer",
            Shapes.FLAG,
            true,
            close -> close.awaitPeer() ? null : false,
            "whether a client that closes by fin waits for the peer's FIN; false calls close(2) immediately");

    static final Form<Close> FORM = new Form<>(List.of(BY, HOW, AWAIT_PEER), CloseKeys::close);

    private CloseKeys() {}

    private static Close close(Given given) {
        Ending ending = given.of(HOW);
        Close close = new Close(given.of(BY), ending.how(), ending.lingerSeconds(), given.of(AWAIT_PEER));
        if (!close.awaitPeer() && (close.by() != Side.CLIENT || close.how() != CloseStyle.FIN)) {
            throw given.whole().meaning("awaitPeer: false requires by: client and how: fin");
        }
        return close;
    }

    private static final class EndingShape implements Shape<Ending> {

        private static final Pattern LINGER = Pattern.compile("linger ([0-9]{1,9})s?");
        private static final Map<String, CloseStyle> WORDS = Words.of(CloseStyle.class);

        @Override
        public Ending read(Value value) {
            String text = value.text(allowed());
            if (LINGER.matcher(text).matches()) {
                return new Ending(CloseStyle.LINGER, lingerSeconds(value, text));
            }
            CloseStyle how = WORDS.get(text);
            if (how == CloseStyle.LINGER) {
                throw value.shape("linger needs a time, as in linger 2s");
            }
            if (how == null) {
                throw value.shape(
                        "must be " + allowed() + ", not " + quote(text) + Typo.didYouMean(text, WORDS.keySet()));
            }
            return new Ending(how, 0);
        }

        private static int lingerSeconds(Value value, String text) {
            Matcher linger = LINGER.matcher(text);
            int seconds = linger.matches() ? Integer.parseInt(linger.group(1)) : 0;
            if (seconds == 0) {
                throw value.meaning("a linger time of 0 is an abort (RST); write rst");
            }
            if (seconds > LONGEST_LINGER) {
                throw value.meaning(quote(text) + " is out of range; it must be from 1s to " + LONGEST_LINGER + "s");
            }
            return seconds;
        }

        @Override
        public Object write(Ending ending) {
            String word = Words.spell(ending.how());
            return ending.how() == CloseStyle.LINGER ? word + " " + ending.lingerSeconds() + "s" : word;
        }

        @Override
        public Map<String, Object> schema() {
            return JsonSchema.of(
                    "type", "string", "pattern", "^(fin|rst|half-close|abandon|" + LINGER.pattern() + ")$");
        }

        @Override
        public String allowed() {
            return "one of fin, rst, half-close, linger 2s, abandon";
        }
    }
}
