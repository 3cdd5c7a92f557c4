package io.tcplab.kernel.sockdiag;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.sockdiag.Datagram.Visitor;
import java.util.Arrays;

/** Counts sockets by state: under {@code server} where the local port is the wanted one or none is wanted. */
final class StateTally implements Visitor {
    private final int port;
    final int[] server = new int[TcpState.NUMBERS];
    final int[] client = new int[TcpState.NUMBERS];

    StateTally(int port) {
        this.port = port;
    }

    @Override
    public void visit(DiagMessage socket) {
        add(socket.localPort(), socket.stateNumber());
    }

    void add(int localPort, int state) {
        (port < 0 || localPort == port ? server : client)[state]++;
    }

    void clear() {
        Arrays.fill(server, 0);
        Arrays.fill(client, 0);
    }
}
