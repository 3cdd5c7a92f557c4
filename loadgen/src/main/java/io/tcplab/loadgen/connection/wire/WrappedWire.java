package io.tcplab.loadgen.connection.wire;

import java.net.InetSocketAddress;
import java.util.Optional;

/** A socket behind something that changes its bytes: what is not about these is the socket's. */
abstract class WrappedWire implements Wire {

    final Wire socket;

    WrappedWire(Wire socket) {
        this.socket = socket;
    }

    @Override
    public final int connect() {
        return socket.connect();
    }

    @Override
    public final int establishedNow() {
        return socket.establishedNow();
    }

    @Override
    public final int connectResult() {
        return socket.connectResult();
    }

    @Override
    public final int shutdownOutput() {
        return socket.shutdownOutput();
    }

    @Override
    public final int linger(int seconds) {
        return socket.linger(seconds);
    }

    @Override
    public final void awaitAgain() {
        socket.awaitAgain();
    }

    @Override
    public final boolean isAwaited() {
        return socket.isAwaited();
    }

    @Override
    public final boolean isItsOwnPeer() {
        return socket.isItsOwnPeer();
    }

    @Override
    public final Optional<InetSocketAddress> ownAddress() {
        return socket.ownAddress();
    }

    @Override
    public final boolean look(Vitals vitals) {
        return socket.look(vitals);
    }

    @Override
    public final int rttMicros() {
        return socket.rttMicros();
    }
}
