package io.tcplab.loadgen.connection.dialogue;

import io.tcplab.loadgen.connection.wire.Buffer;
import io.tcplab.loadgen.plan.Close;
import io.tcplab.loadgen.plan.Script;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A script, compiled into turns ({@link Turn}). What a connection has heard beyond what it expects is kept for what it expects next, as a
 * stream has no borders. Nothing is allocated for an exchange but by an expression of RE2/J.
 */
final class ScriptDialogue implements Dialogue {

    /** While more than this is sent, answers are listened for: a peer that cannot get rid of them may stop reading. */
    static final int MOST_UNHEARD = 1 << 16;

    private final ScriptTurns turns;

    /** Whether the farewell sends something. */
    private final boolean saysMore;

    private final Talks talks = new Talks();
    private String mismatch = "";

    /**
     * Compiles.
     *
     * @param member the name of the mix member, for its variable
     * @param stepNames all names of steps; a step's number is its place in them
     */
    ScriptDialogue(Script script, String member, List<String> stepNames) {
        turns = new ScriptTurns(script, member, stepNames);
        saysMore = turns.sendsFrom(Part.FAREWELL, 0);
    }

    @Override
    public boolean has(Part part) {
        return turns.has(part);
    }

    @Override
    public boolean speaksFirst() {
        Turn first = turns.first();
        return first.pauseNanos == 0 && first.send != null;
    }

    @Override
    public boolean speaksFirst(Part part) {
        return turns.first(part).send != null;
    }

    @Override
    public boolean hasHeardMore(Conversation conversation) {
        return !talks.of(conversation).early.isEmpty();
    }

    @Override
    public void begin(Conversation conversation, boolean last) {
        begin(conversation, Part.EXCHANGE);
    }

    @Override
    public void begin(Conversation conversation, Part part) {
        Talk talk = talks.of(conversation);
        talk.part = part;
        talk.turn = -1;
        turn(conversation);
    }

    @Override
    public void turn(Conversation conversation) {
        Talk talk = talks.of(conversation);
        talk.turn++;
        talk.expect = 0;
        talk.saidAll = false;
        talk.answer.clear();
        Filling send = turns.of(talk).send;
        if (send == null) {
            conversation.requestBytes(0);
        } else {
            if (send.tellsTime()) {
                talk.millis = System.currentTimeMillis();
            }
            conversation.requestBytes(send.length(conversation, talk));
        }
    }

    @Override
    public long pauseNanos(Conversation conversation) {
        return turns.of(talks.of(conversation)).pauseNanos;
    }

    @Override
    public void paused(Conversation conversation) {
        conversation.stepped(turns.of(talks.of(conversation)).pauseStep);
    }

    @Override
    public boolean speaksNow(Conversation conversation) {
        return turns.of(talks.of(conversation)).send != null;
    }

    @Override
    public int fill(Conversation conversation, int offset, Buffer output) {
        Talk talk = talks.of(conversation);
        Filling send = turns.of(talk).send;
        return send == null ? 0 : send.fill(conversation, talk, offset, output.bytes());
    }

    @Override
    public boolean hasSaidAll(Conversation conversation) {
        Talk talk = talks.of(conversation);
        return switch (talk.part) {
            case OPENING -> false;
            case EXCHANGE -> !saysMore && !turns.sendsFrom(talk.part, talk.turn + 1);
            case FAREWELL -> !turns.sendsFrom(talk.part, talk.turn + 1);
        };
    }

    @Override
    public boolean answers(Conversation conversation) {
        return turns.of(talks.of(conversation)).expects.length > 0;
    }

    /** Each step has a figure of its own, that of a send too. */
    @Override
    public boolean isTimedWithAnswer(Conversation conversation) {
        return false;
    }

    @Override
    public Progress asked(Conversation conversation) {
        Talk talk = talks.of(conversation);
        conversation.stepped(turns.of(talk).sendStep);
        talk.saidAll = true;
        if (!talk.early.isEmpty() && !isAnswered(talk)) {
            Kept early = talk.early;
            int end = feed(conversation, talk, early.bytes(), 0, early.size());
            if (end < 0) {
                return Progress.CORRUPTED;
            }
            conversation.receivedEarly(end);
            early.dropTo(end);
        }
        return isAnswered(talk) ? turnOver(talk) : Progress.MORE;
    }

    private boolean isAnswered(Talk talk) {
        return talk.expect >= turns.of(talk).expects.length;
    }

    @Override
    public boolean mayAnswerEarly(Conversation conversation) {
        return conversation.requestBytes() > MOST_UNHEARD;
    }

    @Override
    public Progress received(Conversation conversation, Buffer input, int length) {
        Talk talk = talks.of(conversation);
        ByteBuffer bytes = input.bytes();
        bytes.clear();
        int end = feed(conversation, talk, bytes, 0, length);
        if (end < 0 || !kept(talk.keep(bytes, end, length))) {
            return Progress.CORRUPTED;
        }
        // Answers may be complete before all is sent: asked() goes on then.
        return talk.saidAll && isAnswered(talk) ? turnOver(talk) : Progress.MORE;
    }

    private boolean kept(boolean all) {
        if (!all) {
            mismatch = "more than 64KiB came before it was expected";
        }
        return all;
    }

    /** Takes what the turn's answers have of these bytes; returns where that ends, or −1 where they are not what is expected. */
    private int feed(Conversation conversation, Talk talk, ByteBuffer bytes, int from, int to) {
        Expected[] expects = turns.of(talk).expects;
        int at = from;
        while (at < to && talk.expect < expects.length) {
            Expected expected = expects[talk.expect];
            int end = expected.take(conversation, talk, bytes, at, to);
            if (end < 0) {
                mismatch = expected.mismatch(conversation, talk, bytes, at, to);
                return -1;
            }
            at = end;
            if (talk.answer.isWhole()) {
                answered(conversation, talk, expected);
            }
        }
        return at;
    }

    private static void answered(Conversation conversation, Talk talk, Expected expected) {
        conversation.stepped(expected.step());
        talk.answer.clear();
        talk.expect++;
    }

    private Progress turnOver(Talk talk) {
        return turns.hasNext(talk) ? Progress.TURN : Progress.COMPLETE;
    }

    @Override
    public Progress receivedEnd(Conversation conversation) {
        Talk talk = talks.of(conversation);
        Turn turn = turns.of(talk);
        if (talk.expect >= turn.expects.length || !turn.expects[talk.expect].endsByClose()) {
            return Progress.MORE;
        }
        Expected expected = turn.expects[talk.expect];
        if (!expected.closed(conversation, talk)) {
            mismatch = expected.mismatch(conversation, talk, talk.answer.kept.bytes(), 0, 0);
            return Progress.CORRUPTED;
        }
        answered(conversation, talk, expected);
        return Progress.CLOSED;
    }

    @Override
    public String soFar(Conversation conversation) {
        Talk talk = talks.of(conversation);
        Expected[] expects = turns.of(talk).expects;
        return talk.expect < expects.length
                ? expects[talk.expect].mismatch(conversation, talk, talk.answer.kept.bytes(), 0, 0)
                : "";
    }

    @Override
    public String mismatch() {
        return mismatch;
    }

    /** What comes early is kept for what is expected next. */
    @Override
    public boolean tolerates(Conversation conversation, Buffer input, int length) {
        ByteBuffer bytes = input.bytes();
        bytes.clear();
        return kept(talks.of(conversation).keep(bytes, 0, length));
    }

    @Override
    public boolean hasRoom(Conversation conversation) {
        return talks.of(conversation).hasRoom();
    }

    @Override
    public boolean keeps(Conversation conversation, Buffer input, int length) {
        ByteBuffer bytes = input.bytes();
        bytes.clear();
        return kept(talks.of(conversation).keepInPause(bytes, length));
    }

    @Override
    public boolean ignoresTheRest() {
        return !turns.expects(Part.FAREWELL);
    }

    @Override
    public boolean carriesCloseWish(Close close) {
        return false;
    }

    @Override
    public void ended(Conversation conversation) {
        talks.end(conversation);
    }
}
