package io.tcplab.loadgen.connection.dialogue;

import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.kernel.Side;
import io.tcplab.loadgen.connection.wire.Buffer;
import io.tcplab.loadgen.plan.Close;
import io.tcplab.loadgen.plan.MixMember;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.Protocol;
import io.tcplab.loadgen.plan.Script;
import io.tcplab.loadgen.record.Incident;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * How requests are written and responses are recognised in one protocol. Shared by all connections of an event loop; what belongs
 * to one exchange is kept in its {@link Conversation}.
 */
public interface Dialogue {

    /** Returns what speaks a member's protocol to this target. */
    static Dialogue of(Profile profile, MixMember member, InetSocketAddress target) {
        return switch (profile.protocolOf(member)) {
            case Protocol.Tcplab _ -> new FramedDialogue();
            case Protocol.Echo _ -> new EchoDialogue();
            case Protocol.None _ -> new SilentDialogue();
            case Protocol.Http http -> new HttpDialogue(http, Authority.of(target));
            case Script script -> new ScriptDialogue(script, member.name(), profile.stepNames());
        };
    }

    /** What a connection says. Each consists of turns: something is sent, and something is answered. */
    enum Part {
        /** Once, before the first exchange. */
        OPENING,
        /** A request and its response. */
        EXCHANGE,
        /** Once, before the connection closes as planned. */
        FAREWELL
    }

    /** What received bytes amount to. */
    enum Progress {
        /** The response goes on. */
        MORE,
        /** The response is complete. */
        COMPLETE,
        /** What was to come in this turn is complete, and the part goes on with another turn: {@link #turn}. */
        TURN,
        /** Complete by the peer's FIN, which was expected. */
        CLOSED,
        /** The response is complete, and the peer has announced that it closes now. */
        LAST,
        /** A whole response behind which nothing of this protocol follows: {@link #status}. */
        REFUSED,
        /** This is not the response that was asked for. */
        CORRUPTED
    }

    /**
     * Begins an exchange; {@code last} = the request asks the peer to close as planned, where the protocol can say so. It may be
     * begun anew as long as nothing was sent.
     */
    void begin(Conversation conversation, boolean last);

    /** Whether there is such a part; every dialogue has exchanges. */
    default boolean has(Part part) {
        return part == Part.EXCHANGE;
    }

    /** Begins a part; it may be begun anew as long as nothing was sent. */
    default void begin(Conversation conversation, Part part) {
        throw new IllegalStateException("has no " + part);
    }

    /** Goes on with the part's next turn. */
    default void turn(Conversation conversation) {
        throw new IllegalStateException("has one turn");
    }

    /** How long nothing is to be sent before this turn. */
    default long pauseNanos(Conversation conversation) {
        return 0;
    }

    /** That time is over. */
    default void paused(Conversation conversation) {}

    /** Whether the first thing on a connection is that something is sent. */
    default boolean speaksFirst() {
        return true;
    }

    /** Whether a part begins with what is sent, at once or after a pause, and not with what is heard. */
    default boolean speaksFirst(Part part) {
        return true;
    }

    /** Whether something has come already that the next exchange would hear. */
    default boolean hasHeardMore(Conversation conversation) {
        return false;
    }

    /** Whether something is sent in this turn. */
    default boolean speaksNow(Conversation conversation) {
        return true;
    }

    /** Whether nothing is sent after this turn, if its exchange is the last. */
    default boolean hasSaidAll(Conversation conversation) {
        return true;
    }

    /** Judges what has come before all was sent: MORE = wait for the answer. */
    default Progress asked(Conversation conversation) {
        return answers(conversation) ? Progress.MORE : Progress.COMPLETE;
    }

    /** What was expected and what came, of what was judged corrupted last; empty where there are no words for it. */
    default String mismatch() {
        return "";
    }

    /** What is expected and what has come, of a response that is not whole; empty where there are no words for it. */
    default String soFar(Conversation conversation) {
        return "";
    }

    /** Fills the output buffer with the request from byte {@code offset} on; returns the number of bytes, at most the buffer's size. */
    int fill(Conversation conversation, int offset, Buffer output);

    /** How many bytes of the request may be sent at present; the rest waits for the peer's word, or for {@link #sendRest}. */
    default int sendableBytes(Conversation conversation) {
        return conversation.requestBytes();
    }

    /** The peer's word has not come in time: the rest of the request is sent without it. */
    default void sendRest(Conversation conversation) {}

    /** Whether a response may come before the request has been sent to its end. */
    default boolean mayAnswerEarly(Conversation conversation) {
        return false;
    }

    /** Whether the peer may answer, and close, without having read a request: a server that turns a connection away. */
    default boolean mayAnswerUnasked() {
        return false;
    }

    /** Whether a response with at least one byte is to come. */
    boolean answers(Conversation conversation);

    /** Whether the request is timed with its answer alone, and not also by itself. */
    default boolean isTimedWithAnswer(Conversation conversation) {
        return answers(conversation);
    }

    /** Judges {@code length} bytes of response that begin at the connection's {@code received} count. */
    Progress received(Conversation conversation, Buffer input, int length);

    /** Judges the peer's FIN in the middle of a response: MORE, unless the protocol may end a response by closing. */
    default Progress receivedEnd(Conversation conversation) {
        return Progress.MORE;
    }

    /** The status of the response that was judged last; 0 where the protocol has none. */
    default int status() {
        return 0;
    }

    /** What was not as expected in the response that was judged last; absent = nothing. */
    default @Nullable Incident surprise() {
        return null;
    }

    /** After how long without a request the peer has said that it closes. */
    default long announcedIdleNanos(Conversation conversation) {
        return Long.MAX_VALUE;
    }

    /** Whether the peer may say this while nothing is asked. */
    default boolean tolerates(Conversation conversation, Buffer input, int length) {
        return false;
    }

    /** Whether what comes within a pause of what is said is to be read; otherwise it stays in the socket until it is expected. */
    default boolean hasRoom(Conversation conversation) {
        return true;
    }

    /** Takes what comes within a pause of what is said, where there is room; false = the peer may not say this. */
    default boolean keeps(Conversation conversation, Buffer input, int length) {
        return tolerates(conversation, input, length);
    }

    /** Whether nothing is expected behind the exchanges, so that what comes then is ignored, however much it is. */
    default boolean ignoresTheRest() {
        return false;
    }

    /** The status of what came while nothing was asked; 0 when it is no response of this protocol. */
    default int statusOf(Buffer input, int length) {
        return 0;
    }

    /** Whether the last request of a connection has to carry the wish that the server close. */
    default boolean carriesCloseWish(Close close) {
        return close.by() == Side.SERVER && close.how() != CloseStyle.ABANDON;
    }

    /** The connection has ended; per-connection state can go. */
    default void ended(Conversation conversation) {}
}
