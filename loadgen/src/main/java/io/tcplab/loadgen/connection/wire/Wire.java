package io.tcplab.loadgen.connection.wire;

import io.tcplab.kernel.syscall.Errno;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * One non-blocking TCP socket, without policy. Every call returns a value of 0 or more, or a negative errno ({@link Errno}).
 *
 * <p>Owned by one event loop. Readiness comes to {@link Owner#ready} once {@link #await} was called.
 */
public interface Wire {

    /** Nothing yet: readiness will tell when there is. */
    int AGAIN = -Errno.EAGAIN.number();

    /** The handshake is in progress. */
    int IN_PROGRESS = -Errno.EINPROGRESS.number();

    /** The peer has sent an RST. */
    int RESET = -Errno.ECONNRESET.number();

    /** The close is ordered, and has not been made. */
    int CLOSES_SOON = 1;

    /** Begins the handshake. Returns 0 when it is complete, {@link #IN_PROGRESS} while it is in progress. */
    int connect();

    /** Looks whether the handshake is complete, without waiting: 1 = yes, 0 = not yet. A refusal may show here or later. */
    int establishedNow();

    /** Tells how the handshake ended, after readiness: 0 = complete. */
    int connectResult();

    /** Sends from the loop's output buffer; returns how many bytes were taken, {@link #AGAIN} also before the handshake is over. */
    int send(Buffer buffer, int length);

    /**
     * As {@link #send} of a whole request that an answer follows, or taken to go out with what the loop asks of the kernel next: before it
     * opens a connection, and at the latest when eight sockets have been served. What cannot be sent then is told to {@link Owner#unsent}.
     */
    default int sendSoon(Buffer buffer, int length) {
        return send(buffer, length);
    }

    /** Receives into the buffer; 0 = the peer's FIN, {@link #AGAIN} = nothing yet. */
    int receive(Buffer buffer);

    /** Sends our FIN. */
    int shutdownOutput();

    /** SO_LINGER {1, seconds}. */
    int linger(int seconds);

    /** Gives the descriptor back; no readiness comes afterwards. */
    int release();

    /**
     * As {@link #release}, or {@link #CLOSES_SOON} where the socket will be closed together with others: no more than some ten connections
     * later, and before the loop waits.
     */
    default int releaseSoon() {
        return release();
    }

    /** Gives up readiness and returns a close that may block, to be called on another thread. */
    LingeringClose detach();

    /** Asks for readiness; {@code output} = also to know when something can be sent. Edge-triggered. */
    void await(boolean output);

    /** Asks for readiness where input is expected shortly; it may be told without any having come. */
    void expect();

    /** Asks for readiness anew, though what is there has not been read to its end. */
    void awaitAgain();

    /** Whether readiness is told without being asked for: {@link #await} was called. */
    boolean isAwaited();

    /** What {@link #receive} would give, without taking it: 1 instead of a count. */
    int peek();

    /** Whether the socket is its own peer: it has met its own SYN. */
    boolean isItsOwnPeer();

    /** The socket's own address; empty where it cannot be known. Made for each call. */
    Optional<InetSocketAddress> ownAddress();

    /** Fills in what the kernel knows; false = nothing can be known. */
    boolean look(Vitals vitals);

    /** The kernel's smoothed round-trip time, in microseconds; negative where it cannot be known. */
    int rttMicros();

    /** What a socket's readiness is told to. */
    interface Owner {
        /** Something can be read or written, or may; {@code hangUp} = the peer's FIN is known to have come. */
        void ready(boolean hangUp);

        /** The last so many bytes that {@link #sendSoon} had taken were not sent; {@code errno} is positive. */
        void unsent(int bytes, int errno);

        /** The peer has ended its side, and what it sent before is about to be handed over. */
        void closing();

        /** Reads from each cache line of the owner, ahead of {@link #ready}; the value means nothing. */
        int fetch();
    }

    /** A close that may take as long as the linger time. */
    interface LingeringClose {
        /** Returns 0 or a negative errno. */
        int close();
    }
}
