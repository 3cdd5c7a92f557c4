package io.tcplab.loadgen.fleet;

import io.tcplab.loadgen.watch.ClockOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A generator's clock beside ours, as its answers show it. One thread asks; another takes the answers. */
final class MemberClock {

    private static final int QUESTIONS = 15;
    private static final long ANSWER_SECONDS = 3;

    private volatile CompletableFuture<Answer> answer = new CompletableFuture<>();
    private volatile long wallOffsetMillis;
    private volatile ClockOffset offset = new ClockOffset(0, 0);
    private long offsetNanos;

    private record Answer(Message.Clock there, long answeredNanos) {}

    /** An answer has come at {@code nowNanos}. */
    void answered(Message.Clock there, long nowNanos) {
        answer.complete(new Answer(there, nowNanos));
    }

    /** None will come any more. */
    void lose(Lost lost) {
        answer.completeExceptionally(lost);
    }

    /**
     * Asks {@code member} for its clock several times. Of the quickest answer, half the round trip bounds the error (NTP's reasoning,
     * RFC 5905 §8). Throws {@link Lost} where none comes.
     */
    void read(Member member) throws InterruptedException {
        long uncertaintyNanos = Long.MAX_VALUE;
        for (int i = 0; i < QUESTIONS; i++) {
            CompletableFuture<Answer> next = new CompletableFuture<>();
            answer = next;
            long asked = System.nanoTime();
            member.tell(new Message.Ask(i));
            try {
                Answer given = next.get(ANSWER_SECONDS, TimeUnit.SECONDS);
                long half = (given.answeredNanos() - asked) / 2;
                if (given.there().number() == i && half < uncertaintyNanos) {
                    uncertaintyNanos = half;
                    offsetNanos = given.there().nanos() - (asked + half);
                    wallOffsetMillis = given.there().wallMillis()
                            - System.currentTimeMillis()
                            + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - (asked + half));
                }
            } catch (ExecutionException | TimeoutException e) {
                String reason = member.lostBecause();
                throw new Lost(reason == null ? "it does not say what its clock is" : reason);
            }
        }
        offset = new ClockOffset(offsetNanos / 1e3, uncertaintyNanos / 1e3);
    }

    /** What it says when ours says {@code nanos}. */
    long there(long nanos) {
        return nanos + offsetNanos;
    }

    ClockOffset offset() {
        return offset;
    }

    /** Its wall clock minus ours. */
    long wallOffsetMillis() {
        return wallOffsetMillis;
    }
}
