package io.tcplab.loadgen.connection.dialogue;

import io.tcplab.loadgen.plan.Close;
import org.jspecify.annotations.Nullable;

/** What a dialogue knows of the connection that it serves: the exchange in progress, and a place for its own state. */
public interface Conversation {

    /** How the connection is to end. */
    Close close();

    /** How long this exchange's request is. */
    int requestBytes();

    /** A dialogue whose request has another size than the profile's says so when the exchange begins. */
    void requestBytes(int bytes);

    /** How long this exchange's response is to be, where the profile decides. */
    int responseBytes();

    /** How many bytes of this exchange's response have come before. */
    int receivedBytes();

    /** The seed of this exchange's bytes: different for neighbours, so that mixed-up answers are noticed. */
    int patternSeed();

    /** The connection's number in the run, from 0. */
    long index();

    /** The exchange's number in the connection, from 0. */
    int exchange();

    /** 64 random bits of this connection: the same in every run with this seed. */
    long random(int draw);

    /** These bytes of the response came before it was asked for. */
    void receivedEarly(int bytes);

    /** A step of this number is over, which began with the turn; a negative number stands for none. */
    void stepped(int step);

    /** What the dialogue keeps of this connection. */
    @Nullable
    Object state();

    void state(@Nullable Object kept);
}
