package io.tcplab.kernel.namespace;

import io.tcplab.kernel.HomeNamespace;
import io.tcplab.kernel.Side;
import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.sockdiag.SockDiag;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;

/** What a user without privileges runs: says what it found, line by line, and with {@code hold} stays until killed. */
final class OrdinaryUser {
    private OrdinaryUser() {}

    public static void main(String[] arguments) throws Exception {
        if (UserNamespace.needed()) {
            say("needed " + ProcessHandle.current().pid());
        }
        UserNamespace.obstacle().ifPresent(obstacle -> say("obstacle " + obstacle));
        UserNamespace.reexecIfNeeded();
        say("pid " + ProcessHandle.current().pid());
        say("arguments " + String.join("|", arguments) + " " + System.getProperty("tcplab.word"));
        try (NamespacePair pair = NamespacePair.create();
                ServerSocket server = pair.server().call(() -> new ServerSocket(0, 5, pair.serverAddress()))) {
            say("sysctl " + pair.setSysctls(Side.CLIENT, Map.of("net.ipv4.tcp_tw_reuse", "1")));
            try (Socket client = pair.client().call(() -> new Socket(pair.serverAddress(), server.getLocalPort()));
                    Socket accepted = server.accept()) {
                client.shutdownOutput();
                say("end " + accepted.getInputStream().read());
            }
            try (SockDiag diag = pair.client().call(SockDiag::open)) {
                say("TIME_WAIT "
                        + diag.portCounts(server.getLocalPort()).client().count(TcpState.TIME_WAIT));
            }
            // Only netlink knows it.
            try (SockDiag diag = pair.server().call(SockDiag::open)) {
                say("limit "
                        + diag.listener(server.getLocalPort()).orElseThrow().acceptQueueLimit());
            }
            say("inside " + pair.client().call(HomeNamespace::here) + " "
                    + pair.server().call(HomeNamespace::here));
            if (arguments[0].equals("hold")) {
                Thread.sleep(60_000);
            }
        }
        say("done");
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
