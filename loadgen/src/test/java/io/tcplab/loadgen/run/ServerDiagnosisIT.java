package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.kernel.observe.Observer;
import io.tcplab.loadgen.result.Verdict;
import io.tcplab.loadgen.watch.Doctor;
import io.tcplab.loadgen.watch.PortRecorder;
import io.tcplab.loadgen.watch.SideSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that nobody of ours started, as observe and doctor judge it: by a run's rules, in a run's words. */
@Timeout(60)
class ServerDiagnosisIT {

    private static final int BACKLOG = 4;

    private NetworkNamespace namespace;
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeEach
    void make() throws IOException {
        Assumptions.assumeFalse(UserNamespace.needed(), "needs CAP_SYS_ADMIN: run as root or under unshare -Ur");
        namespace = NetworkNamespace.create("judged");
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        namespace.close();
    }

    private interface Work {
        void in(ServerSocket server, PortRecorder recorder) throws Exception;
    }

    private List<Verdict.Warning> observed(Work work) throws Exception {
        return namespace.call(() -> {
            ServerSocket server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
            opened.add(server);
            PortRecorder recorder = new PortRecorder(server.getLocalPort(), System.nanoTime());
            Observer.Settings settings =
                    new Observer.Settings(server.getLocalPort(), Duration.ofMillis(10), Observer.DEFAULT_SHARE);
            try (Observer observer = Observer.start(settings, recorder::add)) {
                work.in(server, recorder);
                var _ = observer.finish();
            }
            return ServerDiagnosis.of(recorder, SideSettings.here()).warnings();
        });
    }

    private void connect(ServerSocket server, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            SocketChannel client = SocketChannel.open();
            opened.add(client);
            client.configureBlocking(false);
            boolean _ = client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()));
        }
    }

    @Test
    void aServerThatDoesNothingWrongIsNotAccused() throws Exception {
        assertThat(observed((server, _) -> {
                    new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort()).close();
                    server.accept().close();
                }))
                .isEmpty();
    }

    @Test
    void aFullQueueIsNamedWithItsProcess() throws Exception {
        String self = "pid " + ProcessHandle.current().pid();

        assertThat(observed((server, _) -> connect(server, BACKLOG + 1)))
                .singleElement()
                .returns("acceptQueueFull", Verdict.Warning::code)
                .extracting(Verdict.Warning::message)
                .asString()
                .contains("127.0.0.1:", self, "5 connections with a limit of 4");
    }

    @Test
    void overflowsAreThoseOfARun() throws Exception {
        assertThat(observed((server, _) -> connect(server, BACKLOG + 4)))
                .extracting(Verdict.Warning::code)
                .containsExactly("acceptQueueOverflowed");
    }

    @Test
    void aSocketThatTheServerDoesNotCloseIsLaidToItsProgram() throws Exception {
        assertThat(observed((server, _) -> {
                    new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort()).close();
                    opened.add(server.accept());
                }))
                .singleElement()
                .returns("closeWaitStays", Verdict.Warning::code)
                .extracting(Verdict.Warning::message)
                .asString()
                .startsWith("1 sockets of the server (java, pid "
                        + ProcessHandle.current().pid());
    }

    @Test
    void doctorHasTheSameWordsForATarget() throws Exception {
        List<Doctor.Check> checks = namespace.call(() -> {
            ServerSocket server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
            opened.add(server);
            connect(server, BACKLOG + 1);
            return ServerDiagnosis.checks(new Endpoint("127.0.0.1", server.getLocalPort()));
        });

        assertThat(checks)
                .singleElement()
                .returns("acceptQueueFull", Doctor.Check::code)
                .returns(false, Doctor.Check::ok)
                .returns(5L, check -> check.figures().get("peak"));
    }
}
