package io.tcplab.loadgen.lab.state;

import io.tcplab.kernel.TcpState;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Host;
import io.tcplab.loadgen.lab.Stage;

/** Looks at a held state in both ways that the kernel offers. */
final class Held {
    private Held() {}

    /** Waits for the state in sock_diag, then finds it in /proc/net/tcp. */
    static Finding show(Stage lab, Host host, TcpState state, int port) throws Exception {
        lab.expectCount(host, state, port, 1);
        int lines = host.countInProc(state, port);
        lab.figure("lines in /proc/net/tcp", lines);
        return Finding.holdsIf(lines == 1, state + " held, seen by sock_diag and in /proc/net/tcp");
    }
}
