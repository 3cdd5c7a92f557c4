package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.report.text.Ink;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

/** Observing where this process is not. */
@Timeout(60)
class ObservedPlaceIT {

    private static String observe(ObservedPlace place, int port) throws CannotRun {
        StringWriter printed = new StringWriter();
        PrintWriter out = new PrintWriter(printed);
        ObserveSession.Request request = new ObserveSession.Request(
                place, port, Duration.ofMillis(300).toNanos(), Duration.ofMillis(50), null, null, null);
        ExitCode code = new ObserveSession(request, new Output(out, out, Ink.PLAIN, true, false, null, null)).run();
        assertThat(code).isEqualTo(ExitCode.FINE);
        return printed.toString();
    }

    static boolean mayEnter() {
        return !UserNamespace.needed();
    }

    @Test
    @EnabledIf("mayEnter")
    void theListenerOfAProcessNamespaceIsSeenThereAndNotHere() throws Exception {
        try (NetworkNamespace namespace = NetworkNamespace.create("observed");
                ServerSocket socket =
                        namespace.call(() -> new ServerSocket(0, 7, InetAddress.getByName("127.0.0.1")))) {
            Process inside = namespace.start(new ProcessBuilder("sleep", "60"));
            try {
                Path ours = Path.of(namespace.path());
                Path theirs = Path.of("/proc/" + inside.pid() + "/ns/net");
                while (!Files.isSameFile(ours, theirs)) { // the process begins here and enters it at once
                    Thread.onSpinWait();
                }
                String there = observe(new ObservedPlace(inside.pid(), null, null), socket.getLocalPort());
                assertThat(there)
                        .contains("\"address\" : \"127.0.0.1:" + socket.getLocalPort() + "\"")
                        .contains("\"limit\" : 7");
                assertThat(observe(ObservedPlace.HERE, socket.getLocalPort())).doesNotContain("\"limit\" : 7");
            } finally {
                inside.destroyForcibly();
            }
        }
    }

    @Test
    void whatIsNotThereIsNamed() {
        assertThatThrownBy(() -> observe(new ObservedPlace(null, "no-such-namespace", null), 80))
                .isInstanceOf(CannotRun.class)
                .hasMessageContaining("There is no network namespace no-such-namespace");
        assertThatThrownBy(() -> observe(new ObservedPlace(4_194_304L, null, null), 80))
                .isInstanceOf(CannotRun.class)
                .hasMessage("There is no process 4194304.");
        assertThatThrownBy(() -> new ObservedPlace(1L, "a", null)).isInstanceOf(BadUsage.class);
    }
}
