package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.namespace.Programs;
import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.result.Reconciled;
import io.tcplab.loadgen.result.Verdict;
import io.tcplab.loadgen.view.View;
import io.tcplab.loadgen.watch.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** A server of the user's, here the JDK's file server, from start to end. */
@Timeout(120)
class StagedServerIT {

    private static final String FILE_SERVER = "exec " + System.getProperty("java.home")
            + "/bin/java -XX:TieredStopAtLevel=1 -m jdk.httpserver -p $TCPLAB_PORT -b $ADDRESS -d . -o none";

    @TempDir
    private Path out;

    private static String profile(String server) throws IOException {
        return """
                duration: 300ms
                load: {open: {rate: 100/s}}
                mix: [{name: get}]
                protocol: http
                server: {port: %d, %s}
                """.formatted(freePort(), server);
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    private RunResult run(String yaml, Isolation isolation) throws CannotRun {
        Profile profile = Profiles.of(yaml);
        return new RunSession(
                        new RunRequest(profile, RemoteOptions.NONE, isolation, out.resolve("result"), out), View.NONE)
                .run();
    }

    private static ServerProcess.Program program(RunResult result) {
        return Objects.requireNonNull(
                Objects.requireNonNull(result.summary().server()).process());
    }

    @Test
    void isStartedObservedAndEnded() throws Exception {
        RunResult result = run(
                profile("ready: {http: /}, readyTimeout: 60s, environment: {ADDRESS: 127.0.0.1}, command: \""
                        + FILE_SERVER + "\""),
                Isolation.NONE);
        assertThat(result.summary().valid()).isTrue();
        assertThat(result.summary().outcomes().count(ConnectionOutcome.COMPLETED))
                .isEqualTo(result.summary().outcomes().started())
                .isPositive();
        assertThat(program(result).peakThreads()).isGreaterThan(5);
        assertThat(program(result).exitCode()).isNull();
        assertThat(ProcessHandle.of(program(result).pid())).isEmpty();
    }

    static boolean isolates() {
        return UserNamespace.obstacle().isEmpty();
    }

    @Test
    @EnabledIf("isolates")
    void runsInTheServersNamespace() throws Exception {
        RunResult result = run(
                profile("readyTimeout: 60s, environment: {ADDRESS: 0.0.0.0}, command: \"" + FILE_SERVER + "\""),
                Isolation.NETNS);
        assertThat(result.summary().reconciliation()).isNotEmpty().allMatch(Reconciled::agrees);
        assertThat(result.summary().outcomes().count(ConnectionOutcome.COMPLETED))
                .isPositive();
    }

    @Test
    @EnabledIf("isolates")
    void oneThatItsClientsCannotReachIsNamedByItsAddress() throws Exception {
        String yaml = profile("readyTimeout: 3s, environment: {ADDRESS: 127.0.0.1}, command: \"" + FILE_SERVER + "\"");
        assertThatThrownBy(() -> run(yaml, Isolation.NETNS))
                .isInstanceOf(CannotRun.class)
                .hasMessageContaining("server.command listens on 127.0.0.1:")
                .hasMessageContaining("where its clients cannot reach it")
                .hasMessageContaining("198.18.0.2");
    }

    @Test
    void oneThatEndsAtOnceIsToldWithItsLastLine() throws Exception {
        String yaml = profile("command: \"echo no such module >&2; exit 3\"");
        assertThatThrownBy(() -> run(yaml, Isolation.NONE))
                .isInstanceOf(CannotRun.class)
                .hasMessageContaining(
                        "server.command ended with exit code 3 before it was ready; it printed: no such module.");
    }

    @Test
    void aProgramThatIsNotThereIsNamed() throws Exception {
        String unknown = profile("command: [no-such-server, -p, 1]");
        assertThatThrownBy(() -> run(unknown, Isolation.NONE))
                .isInstanceOf(CannotRun.class)
                .hasMessage(
                        "server.command cannot be started: no program no-such-server on the PATH; install it, or give"
                                + " its path.");
        String misspelt = profile("command: \"exec no-such-server -p 1\"");
        assertThatThrownBy(() -> run(misspelt, Isolation.NONE))
                .isInstanceOf(CannotRun.class)
                .hasMessageStartingWith("server.command ended with exit code 127 before it was ready; it printed: ")
                .hasMessageEndingWith(" The shell found no such program: check the command, and PATH.");
    }

    @Test
    void oneThatListensOnAnotherPortIsNamedByIt() throws Exception {
        int other = freePort();
        String yaml = profile("readyTimeout: 8s, environment: {ADDRESS: 127.0.0.1}, command: \"" + FILE_SERVER + "\"")
                .replace("$TCPLAB_PORT", Integer.toString(other));
        assertThatThrownBy(() -> run(yaml, Isolation.NONE))
                .isInstanceOf(CannotRun.class)
                .hasMessageContaining("did not listen on port")
                .hasMessageEndingWith(" It listens on 127.0.0.1:" + other
                        + ": set server.port to that, or have it listen on $TCPLAB_PORT.");
    }

    @Test
    void oneThatLeavesADaemonBehindIsToldToStayInTheForeground() throws Exception {
        Assumptions.assumeTrue(Programs.find("bash").isPresent(), "needs bash");
        String server = FILE_SERVER.replaceFirst("^exec ", "");
        String yaml = profile("ready: {log: never printed}, readyTimeout: 60s, environment: {ADDRESS: 127.0.0.1},"
                + " command: [bash, -c, \"(" + server
                + " &); while ! (exec 3<>/dev/tcp/127.0.0.1/$TCPLAB_PORT) 2> /dev/null; do sleep 0.02; done\"]");
        assertThatThrownBy(() -> run(yaml, Isolation.NONE))
                .isInstanceOf(CannotRun.class)
                .hasMessageContaining("server.command ended with exit code 0 before it was ready")
                .hasMessageEndingWith("as a daemon does: keep it in the foreground (nginx: daemon off).");
    }

    @Test
    void oneThatGoesIntoTheBackgroundBeforeItListensIsToldToStayToo() throws Exception {
        String yaml = profile("command: \"(sleep 1000 &); exit 0\"");
        assertThatThrownBy(() -> run(yaml, Isolation.NONE))
                .isInstanceOf(CannotRun.class)
                .hasMessageContaining("server.command ended with exit code 0 before it was ready")
                .hasMessageEndingWith("A server that puts itself into the background ends so: keep it in the foreground"
                        + " (nginx: daemon off).");
    }

    @Test
    void oneThatHoldsItsLinesBackIsTold() throws Exception {
        String yaml =
                profile("ready: {log: never printed}, readyTimeout: 8s, environment: {ADDRESS: 127.0.0.1}, command: \""
                        + FILE_SERVER + " > /dev/null\"");
        assertThatThrownBy(() -> run(yaml, Isolation.NONE))
                .isInstanceOf(CannotRun.class)
                .hasMessageContaining(
                        "did not print \"never printed\" within 8.0 s and printed nothing. It listens on port")
                .hasMessageEndingWith("or use ready: connect.");
    }

    @Test
    void oneThatNeverListensIsGivenUp() throws Exception {
        String yaml = profile("readyTimeout: 200ms, command: [sleep, 1000]");
        assertThatThrownBy(() -> run(yaml, Isolation.NONE))
                .isInstanceOf(CannotRun.class)
                .hasMessageContaining("did not listen on port")
                .hasMessageContaining("within 0.2 s and printed nothing.");
    }

    @Test
    void anInterruptionDoesNotWaitForAServerThatIsNotReady() throws Exception {
        Path started = out.resolve("started");
        Profile profile = Profiles.of(profile("readyTimeout: 30s, environment: {STARTED: \"" + started
                + "\"}, command: \"touch $STARTED; exec sleep 1000\""));
        RunSession session = new RunSession(
                new RunRequest(profile, RemoteOptions.NONE, Isolation.NONE, out.resolve("result"), out), View.NONE);
        Thread interrupting = Thread.ofPlatform().daemon().start(() -> {
            while (!Files.exists(started)) {
                LockSupport.parkNanos(10_000_000);
            }
            session.interrupt();
        });
        assertThatThrownBy(session::run)
                .isInstanceOf(CannotRun.class)
                .hasMessage("Interrupted before the server was ready: nothing was run.");
        interrupting.join();
    }

    @Test
    void aTakenPortIsRefusedBeforeAnythingIsStarted() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String yaml = profile("command: [sleep, 1000]").replaceFirst("port: \\d+", "port: " + taken.getLocalPort());
            assertThatThrownBy(() -> run(yaml, Isolation.NONE))
                    .isInstanceOf(CannotRun.class)
                    .hasMessageContaining("server.port " + taken.getLocalPort() + " is taken: java (pid "
                            + ProcessHandle.current().pid() + ")");
        }
    }

    @Test
    void oneThatEndsMidwayIsAWarning() throws Exception {
        RunResult result = run(
                profile(
                                "ready: {http: /}, readyTimeout: 60s, environment: {ADDRESS: 127.0.0.1}, command: \"(sleep 2; kill $$) & "
                                        + FILE_SERVER + "\"")
                        .replace("duration: 300ms", "duration: 4s"),
                Isolation.NONE);
        assertThat(result.summary().warnings())
                .extracting(Verdict.Warning::code)
                .contains("serverEnded");
        assertThat(program(result).exitCode()).isEqualTo(143);
        assertThat(result.summary().outcomes().count(ConnectionOutcome.REFUSED)).isPositive();
    }
}
