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
            case Script.LastLine lines ->
                new LastLine(Finder.OfExpression.of(lines.last()), lines.atMost(), lines.last());
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

    /** Is lines, of which the last one alone has something in it. A line is looked into without its end, LF or CR LF. */
    record LastLine(Finder.OfExpression sought, int atMost, Script.Regex written) implements Framer {
        @Override
        public int take(Answer answer, ByteBuffer bytes, int from, int to) {
            int last = (int) Math.min(to, from + atMost - answer.taken);
            int begin = from;
            for (int i = from; i < last; ) {
                if (bytes.get(i++) == '\n') {
                    boolean over = isLast(answer, bytes, begin, i);
                    begin = i;
                    if (over) {
                        answer.taken += i - from;
                        answer.complete();
                        return i;
                    }
                }
            }
            answer.taken += last - from;
            return answer.taken >= atMost || !answer.line.add(bytes, begin, last, atMost) ? -1 : last;
        }

        private boolean isLast(Answer answer, ByteBuffer bytes, int from, int to) {
            if (answer.line.isEmpty()) {
                return isLine(bytes, from, to);
            }
            boolean over =
                    answer.line.add(bytes, from, to, atMost) && isLine(answer.line.bytes(), 0, answer.line.size());
            answer.line.clear();
            return over;
        }

        private boolean isLine(ByteBuffer bytes, int from, int to) {
            int end = to - 1;
            return sought.isIn(bytes, from, end > from && bytes.get(end - 1) == '\r' ? end - 1 : end);
        }

        @Override
        public String words() {
            return "an answer of at most " + atMost + " bytes whose last line matches '" + written.expression() + "'";
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
