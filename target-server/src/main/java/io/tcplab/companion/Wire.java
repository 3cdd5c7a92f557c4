package io.tcplab.companion;

import io.netty.buffer.ByteBuf;
import java.io.IOException;

/**
 * An accepted socket, non-blocking, with only the system calls that its connection needs. Used by its event loop alone; readiness is
 * level-triggered and told to the {@link WireConnection} that it was made for.
 */
interface Wire {

    /** Nothing has come, or nothing could be sent. */
    int NOTHING = 0;

    /** The peer has sent FIN. */
    int END = -1;

    /** The connection is broken: ECONNRESET, EPIPE, ETIMEDOUT. */
    int BROKEN = -2;

    /** What came is no TLS, or TLS has failed: the connection is to be closed. */
    int REFUSED = -3;

    /** Reads into the empty buffer: the number of bytes, or one of {@link #NOTHING}, {@link #END}, {@link #BROKEN}, {@link #REFUSED}. */
    int receive(ByteBuf into);

    /** Sends the readable bytes as far as they fit: the number of bytes, or {@link #BROKEN}. Moves no index. */
    int send(ByteBuf from);

    /** Tells of input from now on, and no longer of output. */
    void awaitInput();

    /** Tells of output from now on, and no longer of input. */
    void awaitOutput();

    /** Neither tells nor closes from now on; the descriptor stays open until {@link #close}. */
    void ignore();

    /** FIN behind what was sent (shutdown(2)). */
    void shutdownOutput();

    /** Gives the descriptor back; the kernel finishes the close alone (close(2)). */
    void close();

    /** SO_LINGER {1,0} and close(2): RST (socket(7)). */
    void reset();

    /**
     * Sets SO_LINGER {1,n} and stops telling of anything. Returns the close(2) that may block for that long, to be run off the event
     * loop.
     */
    BlockingClose closeLingering(int seconds);

    /** A close(2) that blocks while data is not acknowledged; made on another thread than the loop's, which has given up the wire. */
    interface BlockingClose {
        void run() throws IOException;

        /** Sends last words before; refused where the peer is gone. */
        void send(ByteBuf last);
    }
}
