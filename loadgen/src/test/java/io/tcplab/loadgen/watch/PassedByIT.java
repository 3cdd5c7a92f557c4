package io.tcplab.loadgen.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.NativeSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that listens beside the target's address is easily taken for one that is down. */
@Timeout(20)
class PassedByIT {

    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    @Test
    void aListenerOnAnotherAddressIsNamedWithItsProcess() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 8, InetAddress.ofLiteral("127.0.0.9"))) {
            int port = server.getLocalPort();
            String named = "its port has a listener at 127.0.0.9:" + port + " (java, pid "
                    + ProcessHandle.current().pid() + ")";

            assertThat(PassedBy.clause(at("127.0.0.1", port))).isEqualTo(named);
            assertThat(PassedBy.clause(at("127.0.0.9", port))).isEmpty();
            assertThat(Doctor.examine(null, List.of(Endpoint.parse("127.0.0.1:" + port))))
                    .filteredOn(check -> check.code().equals("listeners"))
                    .singleElement()
                    .returns(false, Doctor.Check::ok)
                    .extracting(Doctor.Check::advice)
                    .asString()
                    .startsWith("nothing listens on 127.0.0.1:" + port)
                    .contains("; " + named + ": name that address");
        }
    }

    /** IPV6_V6ONLY: [::] looks as if it took everything. */
    @Test
    void aListenerOfIpv6AloneIsNamedAsThat() throws Exception {
        try (NativeSocket server = NativeSocket.open(StandardProtocolFamily.INET6)) {
            assertThat(server.setOption(IPPROTO_IPV6, IPV6_V6ONLY, 1)).isEqualTo(Errno.OK);
            assertThat(server.bind(at("::", 0))).isEqualTo(Errno.OK);
            assertThat(server.listen(8)).isEqualTo(Errno.OK);
            int port = server.localAddress().orElseThrow().getPort();

            assertThat(PassedBy.clause(at("127.0.0.1", port)))
                    .startsWith("its port has a listener at [::]:" + port)
                    .endsWith(" for IPv6 alone");
            assertThat(PassedBy.clause(at("::1", port))).isEmpty();
        }
    }

    @Test
    void whereNobodyListensThereIsNothingToName() throws Exception {
        int port;
        try (ServerSocket server = new ServerSocket(0)) {
            port = server.getLocalPort();
        }
        assertThat(PassedBy.clause(at("127.0.0.1", port))).isEmpty();
        assertThat(Doctor.examine(null, List.of(Endpoint.parse("127.0.0.1:" + port))))
                .filteredOn(check -> check.code().equals("listeners"))
                .singleElement()
                .extracting(Doctor.Check::advice)
                .asString()
                .contains("start the server, unless a translation of addresses");
    }

    /** Servers print it as where they run. */
    @Test
    void doctorLooksForTheAddressOfAllZerosOnLoopback() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 8, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThat(Doctor.examine(null, List.of(Endpoint.parse("0.0.0.0:" + server.getLocalPort()))))
                    .filteredOn(check -> check.code().equals("listeners"))
                    .singleElement()
                    .returns(true, Doctor.Check::ok);
        }
    }
}
