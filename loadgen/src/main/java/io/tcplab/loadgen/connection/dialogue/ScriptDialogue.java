package io.tcplab.loadgen.connection.dialogue;

import io.tcplab.loadgen.connection.wire.Buffer;
import io.tcplab.loadgen.plan.Close;
import io.tcplab.loadgen.plan.Script;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A script, compiled into turns ({@link Turn}). What a connection has heard beyond what it expects is kept for what it expects next, as a
 * stream has no borders. Nothing is allocated for an exchange but by an expression of RE2/J.
 */
final class ScriptDialogue implements Dialogue {

    /** More than this is not kept of what comes before it is expected. */
    static final int MOST_EARLY = 1 << 16;

    /** While more than this is sent, answers are listened for: a peer that cannot get rid of them may stop reading. */
    static final int MOST_UNHEARD = 1 << 16;

    private final Turn[][] turns;

    /** By part: whether nothing is sent any more once the turn of this number has sent. */
    private final boolean saysMore;

    private final ArrayDeque<Talk> idle = new ArrayDeque<>();
    private String mismatch = "";

    /**
     * Compiles.
     *
     * @param member the name of the mix member, for its variable
     * @param stepNames all names of steps; a step's number is its place in them
     */
    ScriptDialogue(Script script, String member, List<String> stepNames) {
        TurnCompiler compiler = new TurnCompiler(member, stepNames);
        turns = new Turn[Part.values().length][];
        turns[Part.OPENING.ordinal()] = compiler.turns(script.opening());
        turns[Part.EXCHANGE.ordinal()] = compiler.turns(script.exchange());
        turns[Part.FAREWELL.ordinal()] = compiler.turns(script.farewell());
        saysMore = sendsFrom(Part.FAREWELL, 0);
    }

    /** Where a connection is in the script. */
    static final class Talk {
        Part part = Part.OPENING;
        int turn;

        /** Which answer of the turn is waited for. */
        int expect;

        /** Whether all of this turn has been sent. */
        boolean saidAll;

        /** Of the turn in progress, for <code>${time}</code>. */
        long millis;

        final Answer answer = new Answer();
        final Kept early = new Kept();
    }

    @Override
    public boolean has(Part part) {
        return turns[part.ordinal()].length > 0;
    }

    @Override
    public boolean speaksFirst() {
        Turn first = turns[(has(Part.OPENING) ? Part.OPENING : Part.EXCHANGE).ordinal()][0];
        return first.pauseNanos == 0 && first.send != null;
    }

    @Override
    public void begin(Conversation conversation, boolean last) {
        begin(conversation, Part.EXCHANGE);
    }

    @Override
    public void begin(Conversation conversation, Part part) {
        Talk talk = talk(conversation);
        talk.part = part;
        talk.turn = -1;
        turn(conversation);
    }

    private Talk talk(Conversation conversation) {
        if (conversation.state() instanceof Talk talk) {
            return talk;
        }
        Talk talk = idle.isEmpty() ? new Talk() : idle.pop();
        conversation.state(talk);
        return talk;
    }

    @Override
    public void turn(Conversation conversation) {
        Talk talk = talk(conversation);
        talk.turn++;
        talk.expect = 0;
        talk.saidAll = false;
        talk.answer.clear();
        Filling send = turnOf(talk).send;
        if (send == null) {
            conversation.requestBytes(0);
        } else {
            if (send.tellsTime()) {
                talk.millis = System.currentTimeMillis();
            }
            conversation.requestBytes(send.length(conversation, talk));
        }
    }

    private Turn turnOf(Talk talk) {
        return turns[talk.part.ordinal()][talk.turn];
    }

    @Override
    public long pauseNanos(Conversation conversation) {
        return turnOf(talk(conversation)).pauseNanos;
    }

    @Override
    public void paused(Conversation conversation) {
        conversation.stepped(turnOf(talk(conversation)).pauseStep);
    }

    @Override
    public boolean speaksNow(Conversation conversation) {
        return turnOf(talk(conversation)).send != null;
    }

    @Override
    public int fill(Conversation conversation, int offset, Buffer output) {
        Talk talk = talk(conversation);
        Filling send = turnOf(talk).send;
        return send == null ? 0 : send.fill(conversation, talk, offset, output.bytes());
    }

    @Override
    public boolean hasSaidAll(Conversation conversation) {
        Talk talk = talk(conversation);
        return switch (talk.part) {
            case OPENING -> false;
            case EXCHANGE -> !saysMore && !sendsFrom(talk.part, talk.turn + 1);
            case FAREWELL -> !sendsFrom(talk.part, talk.turn + 1);
        };
    }

    private boolean sendsFrom(Part part, int first) {
        Turn[] all = turns[part.ordinal()];
        for (int i = first; i < all.length; i++) {
            if (all[i].send != null) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean answers(Conversation conversation) {
        return turnOf(talk(conversation)).expects.length > 0;
    }

    /** Each step has a figure of its own, that of a send too. */
    @Override
    public boolean isTimedWithAnswer(Conversation conversation) {
        return false;
    }

    @Override
    public Progress asked(Conversation conversation) {
        Talk talk = talk(conversation);
        conversation.stepped(turnOf(talk).sendStep);
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
        return talk.expect >= turnOf(talk).expects.length;
    }

    @Override
    public boolean mayAnswerEarly(Conversation conversation) {
        return conversation.requestBytes() > MOST_UNHEARD;
    }

    @Override
    public Progress received(Conversation conversation, Buffer input, int length) {
        Talk talk = talk(conversation);
        ByteBuffer bytes = input.bytes();
        bytes.clear();
        int end = feed(conversation, talk, bytes, 0, length);
        if (end < 0 || !keep(talk, bytes, end, length)) {
            return Progress.CORRUPTED;
        }
        // Answers may be complete before all is sent: asked() goes on then.
        return talk.saidAll && isAnswered(talk) ? turnOver(talk) : Progress.MORE;
    }

    private boolean keep(Talk talk, ByteBuffer bytes, int from, int to) {
        if (from < to && !talk.early.add(bytes, from, to, MOST_EARLY)) {
            mismatch = "more than 64KiB came before it was expected";
            return false;
        }
        return true;
    }

    /** Takes what the turn's answers have of these bytes; returns where that ends, or −1 where they are not what is expected. */
    private int feed(Conversation conversation, Talk talk, ByteBuffer bytes, int from, int to) {
        Expected[] expects = turnOf(talk).expects;
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
        return talk.turn + 1 < turns[talk.part.ordinal()].length ? Progress.TURN : Progress.COMPLETE;
    }

    @Override
    public Progress receivedEnd(Conversation conversation) {
        Talk talk = talk(conversation);
        Turn turn = turnOf(talk);
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
        Talk talk = talk(conversation);
        Expected[] expects = turnOf(talk).expects;
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
        return keep(talk(conversation), bytes, 0, length);
    }

    @Override
    public boolean carriesCloseWish(Close close) {
        return false;
    }

    @Override
    public void ended(Conversation conversation) {
        @Nullable Object state = conversation.state();
        if (state instanceof Talk talk) {
            conversation.state(null);
            talk.answer.clear();
            talk.answer.kept.trim();
            talk.answer.line.trim();
            talk.early.clear();
            talk.early.trim();
            idle.push(talk);
        }
    }
}
