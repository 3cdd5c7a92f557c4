package io.tcplab.loadgen.connection.dialogue;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.connection.wire.Buffer;
import io.tcplab.loadgen.plan.Close;
import io.tcplab.loadgen.plan.HttpExpectation;
import io.tcplab.loadgen.plan.Protocol;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.StatusCounts;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** HTTP/1.x (RFC 9112): requests are ready-made bytes, responses are read as they come and judged when they are complete. */
final class HttpDialogue implements Dialogue {

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long MOST_IDLE_SECONDS = 1_000_000;

    private final HttpRequest keepRequest;
    private final HttpRequest lastRequest;
    private final boolean toHead;
    private final boolean waits;

    /** By status. */
    private final boolean[] expected = new boolean[StatusCounts.LIMIT];

    private final HttpBodyLook.@Nullable Search search;
    private final HttpHead head = new HttpHead();

    /** Of the response that was judged last. */
    private int status;

    private @Nullable Incident surprise;

    /** Of bytes that were no response; empty where it was asked for since. */
    private String mismatch = "";

    /** Of connections that have ended. */
    private final ArrayDeque<State> idle = new ArrayDeque<>();

    HttpDialogue(Protocol.Http http, String authority) {
        keepRequest = new HttpRequest(http, authority, false);
        lastRequest = new HttpRequest(http, authority, true);
        toHead = "HEAD".equals(http.method());
        waits = http.waitsForContinue();
        HttpExpectation expectation = http.expect();
        for (int each = 100; each < expected.length; each++) {
            expected[each] = expectation.isExpected(each);
        }
        search = expectation.body() == null ? null : new HttpBodyLook.Search(expectation.body());
    }

    /** What is kept of a connection. */
    private static final class State {
        private final HttpResponse response;
        private final @Nullable HttpBodyLook look;
        private HttpRequest request;

        /** Whether the body is kept back until the peer says that it takes it. */
        private boolean heldBack;

        State(HttpDialogue dialogue) {
            look = dialogue.search == null ? null : new HttpBodyLook(dialogue.search);
            response = new HttpResponse(dialogue.head, dialogue.toHead, look);
            request = dialogue.keepRequest;
        }
    }

    private State state(Conversation conversation) {
        if (conversation.state() instanceof State state) {
            return state;
        }
        State state = idle.isEmpty() ? new State(this) : idle.pop();
        conversation.state(state);
        return state;
    }

    @Override
    public void begin(Conversation conversation, boolean last) {
        State state = state(conversation);
        state.request = last && carriesCloseWish(conversation.close()) ? lastRequest : keepRequest;
        state.heldBack = waits;
        state.response.begin();
        conversation.requestBytes(state.request.length());
    }

    @Override
    public int fill(Conversation conversation, int offset, Buffer output) {
        State state = state(conversation);
        return state.request.fill(offset, sendable(state), output);
    }

    private static int sendable(State state) {
        return state.heldBack ? state.request.headBytes() : state.request.length();
    }

    @Override
    public int sendableBytes(Conversation conversation) {
        return sendable(state(conversation));
    }

    @Override
    public void sendRest(Conversation conversation) {
        state(conversation).heldBack = false;
    }

    @Override
    public boolean mayAnswerEarly(Conversation conversation) {
        HttpRequest request = state(conversation).request;
        return request.length() > request.headBytes();
    }

    @Override
    public boolean mayAnswerUnasked() {
        return true;
    }

    @Override
    public boolean answers(Conversation conversation) {
        return true;
    }

    @Override
    public Progress received(Conversation conversation, Buffer input, int length) {
        State state = state(conversation);
        Progress progress = state.response.feed(input.bytes(), length);
        if (progress == Progress.CORRUPTED) {
            mismatch = state.response.mismatch();
        }
        // Whatever is final makes the wait pointless: the framing promises the body all the same (RFC 9112 §9.3).
        if (state.heldBack && (progress != Progress.MORE || state.response.interimStatus() == 100)) {
            state.heldBack = false;
        }
        return judge(state, progress);
    }

    @Override
    public Progress receivedEnd(Conversation conversation) {
        State state = state(conversation);
        return judge(state, state.response.feedEnd());
    }

    private Progress judge(State state, Progress progress) {
        boolean complete = progress == Progress.COMPLETE || progress == Progress.LAST;
        status = state.response.status();
        surprise = null;
        if (complete && !expected[status]) {
            surprise = Incident.STATUS;
        } else if (complete && state.look != null && !state.look.matches()) {
            surprise = Incident.BODY_NOT_AS_EXPECTED;
        }
        return progress;
    }

    @Override
    public int status() {
        return status;
    }

    /** Once: what comes while nothing is asked has no words, and not those of another connection. */
    @Override
    public String mismatch() {
        String words = mismatch;
        mismatch = "";
        return words;
    }

    @Override
    public @Nullable Incident surprise() {
        return surprise;
    }

    @Override
    public int statusOf(Buffer input, int length) {
        return StatusLine.statusAt(input.bytes(), 0, length);
    }

    @Override
    public long announcedIdleNanos(Conversation conversation) {
        long seconds = state(conversation).response.idleSeconds();
        return seconds < 0 || seconds > MOST_IDLE_SECONDS ? Long.MAX_VALUE : seconds * NANOS_PER_SECOND;
    }

    @Override
    public boolean carriesCloseWish(Close close) {
        return close.by() == Side.SERVER;
    }

    @Override
    public void ended(Conversation conversation) {
        if (conversation.state() instanceof State state) {
            conversation.state(null);
            state.response.recycle();
            idle.push(state);
        }
    }
}
