package io.tcplab.loadgen.connection.dialogue;

import io.tcplab.loadgen.plan.Script;
import io.tcplab.loadgen.plan.Template;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An answer that a script waits for. What has come of it is in the connection's {@link Answer}. */
sealed interface Expected {

    static Expected of(Script.Expect expect, Function<List<Template.Piece>, Filling> filling, int step) {
        return expect.framing() instanceof Script.Exactly exactly
                ? new Exact(filling.apply(exactly.bytes().pieces()), step)
                : new Framed(Framer.of(expect.framing()), Finder.of(expect.match(), filling), step);
    }

    /** The number of its step. */
    int step();

    /** Takes the bytes that are its own, and says in the answer when it is whole; returns where they end, or −1 where it is another. */
    int take(Conversation conversation, Talk talk, ByteBuffer bytes, int from, int to);

    default boolean endsByClose() {
        return false;
    }

    /** Whether it is the one that was expected, now that the peer has closed. */
    default boolean closed(Conversation conversation, Talk talk) {
        return false;
    }

    /** What was expected and what came instead. */
    String mismatch(Conversation conversation, Talk talk, ByteBuffer bytes, int from, int to);

    /** These bytes and no others. */
    record Exact(Filling wanted, int step) implements Expected {

        private static final int MOST_SAME = 40;
        private static final int SHOWN_SAME = 8;

        @Override
        public int take(Conversation conversation, Talk talk, ByteBuffer bytes, int from, int to) {
            Answer answer = talk.answer;
            byte[] all = wanted.whole(conversation, talk);
            if (!answer.knowsTotal()) {
                answer.total = wanted.length(conversation, talk);
            }
            int taken = (int) answer.taken;
            int end = (int) Math.min(to, from + answer.total - taken);
            for (int i = from; i < end; i++) {
                if (bytes.get(i) != all[taken++]) {
                    return -1;
                }
            }
            answer.taken = taken;
            if (taken == answer.total) {
                answer.complete();
            }
            return end;
        }

        @Override
        public String mismatch(Conversation conversation, Talk talk, ByteBuffer bytes, int from, int to) {
            ByteBuffer all = ByteBuffer.wrap(wanted.whole(conversation, talk));
            int length = wanted.length(conversation, talk);
            int taken = (int) talk.answer.taken;
            int same = taken;
            while (same < length && from + same - taken < to && bytes.get(from + same - taken) == all.get(same)) {
                same++;
            }
            // Of a long answer the place is shown where it begins to differ.
            int begin = same > MOST_SAME ? same - SHOWN_SAME : 0;
            Escaped came = new Escaped()
                    .add(all, Math.min(begin, taken), taken)
                    .add(bytes, from + Math.max(0, begin - taken), to);
            return "expected " + new Escaped().add(all, begin, length)
                    + (begin == 0 ? "" : " from byte " + begin + " on") + " and got " + came;
        }
    }

    /** An answer whose end a framer finds. */
    record Framed(Framer framer, @Nullable Finder finder, int step) implements Expected {

        private static final int MOST_KEPT = 1 << 20;
        private static final int HEAD = 64;

        @Override
        public int take(Conversation conversation, Talk talk, ByteBuffer bytes, int from, int to) {
            Answer answer = talk.answer;
            int end = framer.take(answer, bytes, from, to);
            if (end < 0) {
                return -1;
            }
            if (finder == null) {
                if (!answer.isWhole()) {
                    answer.kept.add(bytes, from, Math.min(end, from + HEAD - answer.kept.size()), HEAD);
                }
                return end;
            }
            if (answer.isWhole() && answer.kept.isEmpty()) {
                return finder.finds(conversation, talk, bytes, from, end) ? end : -1;
            }
            answer.keptAll = answer.kept.add(bytes, from, end, MOST_KEPT);
            if (!answer.keptAll) {
                return -1;
            }
            if (!answer.isWhole()) {
                answer.keptAll = false;
                return end;
            }
            return looksRight(conversation, talk) ? end : -1;
        }

        private boolean looksRight(Conversation conversation, Talk talk) {
            Kept kept = talk.answer.kept;
            return finder == null || finder.finds(conversation, talk, kept.bytes(), 0, kept.size());
        }

        @Override
        public boolean endsByClose() {
            return framer instanceof Framer.Close;
        }

        @Override
        public boolean closed(Conversation conversation, Talk talk) {
            return looksRight(conversation, talk);
        }

        @Override
        public String mismatch(Conversation conversation, Talk talk, ByteBuffer bytes, int from, int to) {
            Kept kept = talk.answer.kept;
            Escaped came = new Escaped().add(kept.bytes(), 0, kept.size());
            if (!talk.answer.keptAll) {
                came.add(bytes, from, to);
            }
            return "expected " + framer.words() + (finder == null ? "" : finder.words(conversation, talk)) + " and got "
                    + came;
        }
    }
}
