package io.tcplab.loadgen.fleet;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.tcplab.loadgen.merge.Interval;
import io.tcplab.loadgen.merge.Octets;
import io.tcplab.loadgen.watch.TimelineRow;
import org.jspecify.annotations.Nullable;

/**
 * What a lead and a generator say to each other, each a JSON object whose {@code is} names its kind. The order: Greeting, Hello, Welcome;
 * Prepare, Ready; Ask and Clock, several times; Start, Progress and Seen each second, Drained; Finish, Piece for each part of each file,
 * Done; Over. Alive goes both ways all the time.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Message.Greeting.class, name = "greeting"),
    @JsonSubTypes.Type(value = Message.Hello.class, name = "hello"),
    @JsonSubTypes.Type(value = Message.Welcome.class, name = "welcome"),
    @JsonSubTypes.Type(value = Message.Refused.class, name = "refused"),
    @JsonSubTypes.Type(value = Message.Prepare.class, name = "prepare"),
    @JsonSubTypes.Type(value = Message.Ready.class, name = "ready"),
    @JsonSubTypes.Type(value = Message.Ask.class, name = "ask"),
    @JsonSubTypes.Type(value = Message.Clock.class, name = "clock"),
    @JsonSubTypes.Type(value = Message.Start.class, name = "start"),
    @JsonSubTypes.Type(value = Message.Progress.class, name = "progress"),
    @JsonSubTypes.Type(value = Message.Seen.class, name = "seen"),
    @JsonSubTypes.Type(value = Message.Drained.class, name = "drained"),
    @JsonSubTypes.Type(value = Message.Finish.class, name = "finish"),
    @JsonSubTypes.Type(value = Message.Piece.class, name = "piece"),
    @JsonSubTypes.Type(value = Message.Done.class, name = "done"),
    @JsonSubTypes.Type(value = Message.Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = Message.Stop.class, name = "stop"),
    @JsonSubTypes.Type(value = Message.Alive.class, name = "alive"),
    @JsonSubTypes.Type(value = Message.Over.class, name = "over")
})
sealed interface Message {

    /** Lead, first of all. {@code version} is {@link #VERSION}; the nonce is never used again. */
    record Greeting(int version, String nonce) implements Message {}

    /** Generator: shows that it knows the token, and who it is. */
    record Hello(
            String nonce,
            String proof,
            Machine machine,
            @Nullable String group) implements Message {}

    /** Lead: shows that it knows the token too, so that no generator obeys a stranger. */
    record Welcome(String proof) implements Message {}

    /** Lead: the generator is not wanted; the connection ends. */
    record Refused(String sentence) implements Message {}

    /** Lead: what to do, all of it, and which share of it this generator has. */
    record Prepare(String profile, int number, int of, Remote remote) implements Message {}

    /** Generator: everything is open but the load, and it looks at these kernels. */
    record Ready(Kernels kernels) implements Message {}

    /** Lead: what does your clock say? */
    record Ask(int number) implements Message {}

    /** Generator: the answer to the question of this number, {@link System#nanoTime} and milliseconds since the epoch. */
    record Clock(int number, long nanos, long wallMillis) implements Message {}

    /** Lead: the load begins when the generator's {@link System#nanoTime} says so. */
    record Start(long atNanos) implements Message {}

    /** Generator: what an interval of the recorded part came to. */
    record Progress(Interval interval) implements Message {}

    /** Generator: what the kernel of a side showed since the last such row. */
    record Seen(TimelineRow row) implements Message {}

    /** Generator: its connections have ended. */
    record Drained(long startLateNanos) implements Message {}

    /** Lead: those of all have ended. */
    record Finish() implements Message {}

    /** Generator: the next bytes of a file of its result. */
    record Piece(String file, Octets octets) implements Message {}

    /** Generator: the result is complete. */
    record Done() implements Message {}

    /** Generator: it could not run, or not write its result. */
    record Failed(String sentence) implements Message {}

    /** Lead: end early, with what there is. */
    record Stop() implements Message {}

    /** Both: still here. */
    record Alive() implements Message {}

    /** Lead: all is written; nothing more comes. */
    record Over() implements Message {}

    /** Of the order above; another one is refused. */
    int VERSION = 2;
}
