package io.tcplab.companion;

import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A listening socket on an event loop, which accepts only when it is told to. Used by that loop alone. */
interface ListeningSocket {

    /**
     * Takes one connection from the accept queue; null where the queue is empty.
     *
     * @throws IOException where accept(2) fails, such as by EMFILE
     */
    @Nullable
    Accepted accept() throws IOException;

    /** Calls {@link Acceptor#acceptable} while the queue is not empty. */
    void awaitConnections(Acceptor acceptor);

    /** Calls it no more. */
    void ignoreConnections();

    /** Where it listens. */
    InetSocketAddress address();

    /** Closes it; the kernel resets what is in the accept queue. */
    void close();

    /** An accepted socket that nobody serves yet. */
    interface Accepted {

        /** Puts it on a wire. */
        WireConnection onWire(ServingLoop loop, WireConnection.Maker maker);

        /** Makes it a channel, for a pipeline of handlers. */
        SocketChannel asChannel();
    }
}
