package io.tcplab.kernel.sockdiag;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.sockdiag.Datagram.Visitor;
import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Counts sockets by state: under {@code server} where the local port is the wanted one or none is wanted, or the remote one is. */
final class StateTally implements Visitor {
    private final int port;
    private final @Nullable TargetAddress target;
    final int[] server = new int[TcpState.NUMBERS];
    final int[] client = new int[TcpState.NUMBERS];

    /** {@code target}: the address that clients connect to; null for every address. */
    StateTally(int port, @Nullable TargetAddress target) {
        this.port = port;
        this.target = target;
    }

    @Override
    public void visit(DiagMessage socket) {
        boolean local = isLocal(socket.localPort());
        if (!local && socket.remotePort() != port) {
            return;
        }
        int state = socket.stateNumber();
        if (target == null || state == TcpState.LISTEN.number() || socket.isAt(target, local)) {
            add(local, state);
        }
    }

    void add(SocketReading socket) {
        boolean local = isLocal(socket.local().getPort());
        if (!local && socket.remote().getPort() != port) {
            return;
        }
        InetAddress address = (local ? socket.local() : socket.remote()).getAddress();
        if (target == null || socket.state() == TcpState.LISTEN || target.is(address)) {
            add(local, socket.state().number());
        }
    }

    private boolean isLocal(int localPort) {
        return port < 0 || localPort == port;
    }

    private void add(boolean local, int state) {
        (local ? server : client)[state]++;
    }

    void clear() {
        Arrays.fill(server, 0);
        Arrays.fill(client, 0);
    }
}
