package io.tcplab.loadgen.connection.dialogue;

import io.tcplab.loadgen.plan.Script;
import io.tcplab.loadgen.plan.Script.Endian;
import java.nio.ByteBuffer;

/** Finds the end of an answer whose bytes come in any pieces. */
sealed interface Framer {

    static Framer of(Script.Framing framing) {
        return switch (framing) {
            case Script.Until until -> {
                byte[] end = until.end().bytes();
                yield new Until(new Search(end), Escaped.of(end, end.length), until.atMost());
            }
            case Script.Count count -> new Count(count.bytes());
            case Script.Length length -> new Length(length);
            case Script.UntilClose close -> new Close(close.atMost());
            case Script.Exactly _ -> throw new IllegalArgumentException("needs no framer");
        };
    }

    /** Takes the answer's bytes and completes it at its end; returns where that is, or −1 where it cannot be one. */
    int take(Answer answer, ByteBuffer bytes, int from, int to);

    /** What is expected, in words. */
    String words();

    /** Ends with these bytes. */
    record Until(Search search, String end, int atMost) implements Framer {
        @Override
        public int take(Answer answer, ByteBuffer bytes, int from, int to) {
            int found = answer.found;
            int whole = search.length();
            int last = (int) Math.min(to, from + atMost - answer.taken);
            int i = from;
            while (i < last && found < whole) {
                found = search.next(found, bytes.get(i++));
            }
            answer.found = found;
            answer.taken += i - from;
            if (found == whole) {
                answer.complete();
                return i;
            }
            return answer.taken >= atMost ? -1 : i;
        }

        @Override
        public String words() {
            return "an answer of at most " + atMost + " bytes that ends with " + end;
        }
    }

    /** Has this many bytes. */
    record Count(int count) implements Framer {
        @Override
        public int take(Answer answer, ByteBuffer bytes, int from, int to) {
            answer.total = count;
            return rest(answer, from, to);
        }

        @Override
        public String words() {
            return count + " bytes";
        }
    }

    private static int rest(Answer answer, int from, int to) {
        int end = (int) Math.min(to, from + answer.total - answer.taken);
        answer.taken += end - from;
        if (answer.taken == answer.total) {
            answer.complete();
        }
        return end;
    }

    /** Says its length itself. */
    record Length(Script.Length plan) implements Framer {

        private static final int BITS = 8;

        @Override
        public int take(Answer answer, ByteBuffer bytes, int from, int to) {
            int i = from;
            int header = plan.at() + plan.bytes();
            while (i < to && answer.taken < header) {
                if (answer.taken >= plan.at()) {
                    add(answer, bytes.get(i) & 0xFF);
                }
                answer.taken++;
                i++;
            }
            if (answer.taken < header) {
                return i;
            }
            if (!answer.knowsTotal()) {
                long whole = answer.length + plan.adds();
                // A length of 8 bytes may be beyond a long.
                if (answer.length < 0 || whole < header || whole > plan.atMost()) {
                    return -1;
                }
                answer.total = whole;
            }
            return rest(answer, i, to);
        }

        private void add(Answer answer, int b) {
            long place = answer.taken - plan.at();
            answer.length = plan.endian() == Endian.BIG
                    ? (answer.length << BITS) | b
                    : answer.length | ((long) b << (BITS * place));
        }

        @Override
        public String words() {
            return "an answer of at most " + plan.atMost() + " bytes by its length in bytes " + plan.at() + " to "
                    + (plan.at() + plan.bytes() - 1);
        }
    }

    /** Ends with the peer's FIN. */
    record Close(int atMost) implements Framer {
        @Override
        public int take(Answer answer, ByteBuffer bytes, int from, int to) {
            answer.taken += to - from;
            return answer.taken > atMost ? -1 : to;
        }

        @Override
        public String words() {
            return "an answer that the peer's close ends";
        }
    }
}
