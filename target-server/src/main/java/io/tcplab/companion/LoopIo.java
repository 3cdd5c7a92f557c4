package io.tcplab.companion;

import io.netty.channel.IoHandler;
import io.netty.channel.epoll.LinuxSocket;

/** How one event loop waits for its sockets. */
interface LoopIo {

    /** What Netty's loop runs. */
    IoHandler handler();

    /** Makes the connection that an accepted descriptor serves. */
    WireConnection connection(int descriptor, ServingLoop loop, WireConnection.Maker maker);

    /** Makes what looks at a listening socket's accept queue. */
    Arrivals arrivals(LinuxSocket listener);

    /** How the loop learns of connections in an accept queue. Used by that loop alone. */
    interface Arrivals {

        /** Calls {@code to} from now on; {@code freely} = connections may be accepted as they come, else it says when one is. */
        void await(Acceptor to, boolean freely);

        /** Neither calls nor accepts from now on. */
        void ignore();
    }
}
