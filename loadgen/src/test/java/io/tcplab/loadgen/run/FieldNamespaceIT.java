package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.namespace.Programs;
import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Few ports and a small SYN backlog: what a run says where the kernel's settings decide, each in a namespace of its own. */
@Timeout(60)
class FieldNamespaceIT {

    /** SYNs from addresses whose answers get lost: the route leads back to a host that has none of them. */
    private static final String SYNS = """
            import socket, struct, sys
            raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
            here = socket.inet_aton("127.0.0.1")
            def checksum(data):
                total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
                total = (total >> 16) + (total & 0xffff)
                return ~(total + (total >> 16)) & 0xffff
            for number in range(1, 61):
                source = socket.inet_aton("198.19.7.%d" % number)
                pseudo = source + here + struct.pack("!BBH", 0, 6, 20)
                bare = struct.pack("!HHIIBBHHH", 1024 + number, int(sys.argv[1]), number, 0, 0x50, 2, 65535, 0, 0)
                whole = bare[:16] + struct.pack("!H", checksum(pseudo + bare)) + bare[18:]
                head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 40, 0, 0, 64, 6, 0, source, here)
                raw.sendto(head + whole, ("127.0.0.1", 0))
            """;

    private NetworkNamespace namespace;

    @BeforeEach
    void make() throws IOException {
        Assumptions.assumeFalse(UserNamespace.needed(), "needs CAP_SYS_ADMIN: run as root or under unshare -Ur");
        namespace = NetworkNamespace.create("field");
    }

    @AfterEach
    void end() {
        namespace.close();
    }

    private static void set(String key, String value) throws IOException {
        Files.writeString(Path.of("/proc/sys/net/ipv4", key), value);
    }

    private static void fewPorts() throws IOException {
        set("ip_local_port_range", "40000 40199");
        set("tcp_tw_reuse", "0");
    }

    /** Echoes what comes on each connection until its end. */
    private static ServerSocket echo(String address) throws IOException {
        // Below the local range, of which the kernel would otherwise take one: the tests count its ports.
        ServerSocket listener = new ServerSocket(9_000, 500, InetAddress.getByName(address));
        Thread.ofPlatform().daemon(true).start(() -> {
            while (true) {
                try {
                    Socket socket = listener.accept();
                    Thread.ofPlatform().daemon(true).start(() -> {
                        try (socket) {
                            socket.getInputStream().transferTo(socket.getOutputStream());
                        } catch (IOException _) {
                            // reset by the peer
                        }
                    });
                } catch (IOException _) {
                    return; // the test has closed the listener
                }
            }
        });
        return listener;
    }

    private static Summary run(String address, int port, String rest) throws Exception {
        return IsolatedRun.onHost(Profiles.of("name: field\ntarget: \"" + address + ":" + port + "\"\n" + rest));
    }

    private static List<String> codes(Summary summary) {
        return summary.warnings().stream().map(Verdict.Warning::code).toList();
    }

    @Test
    void timeWaitsToOneAddressTakeNoPortFromAnother() throws Exception {
        String hundredFifty = """
                protocol: echo
                connections: 150
                load: {closed: {concurrency: 5}}
                mix: [{name: short, exchanges: 1, close: {by: client, how: fin}}]
                """;
        namespace.run(() -> {
            try (ServerSocket first = echo("127.0.0.1");
                    ServerSocket second = echo("::1")) {
                fewPorts();
                assertThat(run("127.0.0.1", first.getLocalPort(), hundredFifty)
                                .outcomes()
                                .count(ConnectionOutcome.COMPLETED))
                        .isEqualTo(150);
                Summary other = run("[::1]", second.getLocalPort(), hundredFifty);
                assertThat(other.outcomes().count(ConnectionOutcome.COMPLETED)).isEqualTo(150);
                assertThat(codes(other)).doesNotContain("leftoverTimeWait", "localPortsExhausted");
                // The same destination again: now they are in the way.
                Summary again = run("127.0.0.1", first.getLocalPort(), hundredFifty);
                assertThat(again.outcomes().count(ConnectionOutcome.NO_LOCAL_PORT))
                        .isEqualTo(100);
                assertThat(codes(again)).contains("leftoverTimeWait");
                assertThat(again.warnings())
                        .filteredOn(warning -> warning.code().equals("localPortsExhausted"))
                        .singleElement()
                        .satisfies(warning -> assertThat(warning.message())
                                .contains("this run took no more than 50; earlier connections to the target"));
            }
        });
    }

    @Test
    void portsThatOurOwnOpenConnectionsHoldAreNotLaidToTimeWait() throws Exception {
        namespace.run(() -> {
            try (ServerSocket listener = echo("127.0.0.1")) {
                fewPorts();
                Summary held = run("127.0.0.1", listener.getLocalPort(), """
                        protocol: none
                        duration: 1s
                        load: {hold: {connections: 300, ramp: 200ms}}
                        mix: [{name: held, exchanges: 0, close: {by: client, how: rst}}]
                        """);
                assertThat(held.outcomes().count(ConnectionOutcome.NO_LOCAL_PORT))
                        .isEqualTo(100);
                assertThat(held.warnings())
                        .filteredOn(warning -> warning.code().equals("localPortsExhausted"))
                        .singleElement()
                        .satisfies(warning -> assertThat(warning.message())
                                .contains("all 200 ports are in use by our own open connections")
                                .doesNotContain("TIME_WAIT"));
            }
        });
    }

    /** Its connections live longer than the ports last: there is no TIME_WAIT yet when the first connection finds none. */
    @Test
    void portsThatLongConnectionsOfAnOpenLoopHoldAreNotLaidToTimeWait() throws Exception {
        namespace.run(() -> {
            try (ServerSocket listener = echo("127.0.0.1")) {
                fewPorts();
                Summary open = run("127.0.0.1", listener.getLocalPort(), """
                        protocol: echo
                        duration: 1500ms
                        load: {open: {rate: 200/s}}
                        mix: [{name: long, exchanges: 2, think: 2s, close: {by: client, how: fin}}]
                        """);
                assertThat(open.outcomes().count(ConnectionOutcome.NO_LOCAL_PORT))
                        .isPositive();
                assertThat(open.warnings())
                        .filteredOn(warning -> warning.code().equals("localPortsExhausted"))
                        .singleElement()
                        .satisfies(warning -> assertThat(warning.message() + warning.advice())
                                .contains(
                                        "all 200 ports are in use by our own open connections",
                                        "end connections sooner")
                                .doesNotContain("TIME_WAIT"));
            }
        });
    }

    @Test
    void aSynBacklogThatIsReservedIsNamedAndNotTheGenerator() throws Exception {
        Assumptions.assumeTrue(Programs.find("python3").isPresent(), "needs python3");
        List<String> shown = new ArrayList<>();
        Summary summary = namespace.call(() -> {
            set("tcp_syncookies", "0");
            set("tcp_max_syn_backlog", "32");
            set("tcp_synack_retries", "0"); // a request ends after 1 s, so that our SYN's second try gets in
            set("conf/all/rp_filter", "0");
            set("conf/lo/rp_filter", "0");
            try (ServerSocket listener = echo("127.0.0.1")) {
                var _ = Programs.run(namespace, "", "ip", "route", "add", "198.19.0.0/16", "dev", "lo");
                var _ = Programs.run(namespace, SYNS, "python3", "-", Integer.toString(listener.getLocalPort()));
                Summary run = run("127.0.0.1", listener.getLocalPort(), """
                        protocol: echo
                        connections: 20
                        load: {closed: {concurrency: 20}}
                        mix: [{name: short, exchanges: 1, close: {by: client, how: fin}}]
                        """);
                shown.add(Programs.run(namespace, "", "nstat", "-az", "TcpExtListenDrops", "TcpExtListenOverflows"));
                return run;
            }
        });
        long drops = Objects.requireNonNull(summary.kernel().client()).counter(KernelCounter.LISTEN_DROPS);
        assertThat(shown.getFirst())
                .containsPattern("TcpExtListenOverflows +0 ")
                .containsPattern("TcpExtListenDrops +[1-9]");
        assertThat(drops).isPositive();
        assertThat(codes(summary)).contains("synBacklogReserved").doesNotContain("connectQueueing", "acceptQueueFull");
    }
}
