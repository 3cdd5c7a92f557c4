package io.tcplab.loadgen.connection;

import io.tcplab.loadgen.plan.Close;

/**
 * How requests are written and responses are recognised in one protocol. Shared by all connections of an event loop; what belongs
 * to one exchange is kept in its {@link Connection}.
 */
interface Dialogue {

    /** What received bytes amount to. */
    enum Progress {
        /** The response goes on. */
        MORE,
        /** The response is complete. */
        COMPLETE,
        /** This is not the response that was asked for. */
        CORRUPTED
    }

    /**
     * Begins an exchange; {@code last} = the request asks the peer to close as planned, where the protocol can say so. It may be
     * begun anew as long as nothing was sent.
     */
    void begin(Connection connection, boolean last);

    /** Fills the output buffer with the request from byte {@code offset} on; returns the number of bytes, at most the buffer's size. */
    int fill(Connection connection, int offset, Buffer output);

    /** Whether a response with at least one byte is to come. */
    boolean answers(Connection connection);

    /** Judges {@code length} bytes of response that begin at the connection's {@code received} count. */
    Progress received(Connection connection, Buffer input, int length);

    /** Judges the peer's FIN in the middle of a response: a protocol may end a response by closing. */
    default Progress receivedEnd(Connection connection) {
        return Progress.CORRUPTED;
    }

    /** Whether the last request of a connection has to carry the wish that the server close. */
    default boolean carriesCloseWish(Close close) {
        return close.by() == Close.By.SERVER && close.how() != Close.How.ABANDON;
    }

    /** The connection has ended; per-connection state can go. */
    default void ended(Connection connection) {}
}
