package io.tcplab.kernel.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.ProcFile;
import io.tcplab.kernel.host.ProcessTree;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GuardedProgramIT {

    private final BlockingQueue<String> printed = new LinkedBlockingQueue<>();

    private GuardedProgram sh(String script, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, "server"));
        command.addAll(List.of(arguments));
        return GuardedProgram.start(
                new GuardedProgram.Plan(command, Map.of("COLOUR", "blue"), Path.of("/tmp"), false), null, printed::add);
    }

    @Test
    void tellsItsLinesAndItsExitCode() throws Exception {
        try (GuardedProgram program = sh("echo $COLOUR; echo $1 >&2; pwd; exit 7", "red")) {
            assertThat(program.exitCode().get(20, TimeUnit.SECONDS)).isEqualTo(7);
            assertThat(List.of(printed.take(), printed.take(), printed.take())).containsExactly("blue", "red", "/tmp");
            assertThat(program.lastLines()).containsExactly("blue", "red", "/tmp");
            assertThat(program.signal(Signal.TERM)).isEqualTo(Errno.ESRCH);
        }
    }

    @Test
    void aProgramThatDoesNotExistIsNamed() {
        assertThatThrownBy(() -> GuardedProgram.start(
                        new GuardedProgram.Plan(List.of("no-such-program"), Map.of(), Path.of("/tmp"), false),
                        null,
                        printed::add))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no program no-such-program on the PATH");
    }

    @Test
    void itsSignalsAreItsOwnSigintToo() throws Exception {
        try (GuardedProgram program =
                sh("trap 'echo interrupted; exit 3' INT; echo ready; while :; do sleep 0.05; done")) {
            assertThat(printed.take()).isEqualTo("ready");
            assertThat(program.signal(Signal.INT)).isEqualTo(Errno.OK);
            assertThat(program.exitCode().get(20, TimeUnit.SECONDS)).isEqualTo(3);
            assertThat(printed.take()).isEqualTo("interrupted");
        }
    }

    @Test
    void oneThatIgnoresSigtermIsGoneAfterItsTime() throws Exception {
        GuardedProgram program = sh("trap '' TERM; echo ready; while :; do sleep 0.05; done");
        assertThat(printed.take()).isEqualTo("ready");
        long pid = program.pid();
        assertThat(program.tree())
                .get()
                .satisfies(tree -> assertThat(tree.processes()).isBetween(1, 2));
        program.stop(Signal.TERM, Duration.ofMillis(200));
        assertThat(ProcessTree.of(pid)).isEmpty();
    }

    @Test
    void oneThatWasStoppedEndsInOrder() throws Exception {
        GuardedProgram program = sh("trap 'echo in order; exit 3' TERM; sleep 1005 & echo ready; wait");
        assertThat(printed.take()).isEqualTo("ready");
        ProcessTree.pids(program.pid())
                .forEach(pid -> assertThat(Signal.STOP.send(pid)).isEqualTo(Errno.OK));
        while (!isStopped(program.pid())) {
            Thread.onSpinWait();
        }
        program.stop(Signal.TERM, Duration.ofSeconds(20));
        assertThat(program.exitCode().get()).isEqualTo(3);
        assertThat(printed.take()).isEqualTo("in order");
    }

    private static boolean isStopped(long pid) {
        return ProcFile.read(Path.of("/proc", Long.toString(pid), "stat")).contains(") T ");
    }

    @Test
    void descendantsEndWithIt() throws Exception {
        try (GuardedProgram program = sh("sleep 1000 & sh -c 'sleep 1001 & wait' & echo ready; wait")) {
            assertThat(printed.take()).isEqualTo("ready");
            List<ProcessHandle> all =
                    ProcessHandle.of(program.pid()).orElseThrow().descendants().toList();
            program.stop(Signal.TERM, Duration.ofSeconds(1));
            assertThat(all).isNotEmpty().noneMatch(GuardedProgramIT::lives);
        }
    }

    static boolean mayMakePidNamespaces() {
        return !UserNamespace.needed();
    }

    @Test
    @EnabledIf("mayMakePidNamespaces")
    void oneThatBecameADaemonEndsToo() throws Exception {
        try (GuardedProgram program = sh("setsid sh -c 'sleep 1002 & exit' & wait; sleep 1003")) {
            while (ProcessHandle.of(program.pid()).orElseThrow().descendants().noneMatch(GuardedProgramIT::sleeps)) {
                Thread.onSpinWait();
            }
            long guard = ProcessHandle.of(program.pid())
                    .flatMap(ProcessHandle::parent)
                    .orElseThrow()
                    .pid();
            List<Long> all = ProcessTree.pids(guard);
            program.stop(Signal.TERM, Duration.ofSeconds(1));
            assertThat(all)
                    .hasSizeGreaterThan(2)
                    .allMatch(pid -> ProcessTree.of(pid).isEmpty());
        }
    }

    /** Between a stop and a start its files are needed; whoever made its directory removes it. */
    @Test
    void itsDirectoryStaysWhereItIsClosed(@TempDir Path home) throws Exception {
        Path directory = Files.createDirectory(home.resolve("its"));
        GuardedProgram program = GuardedProgram.start(
                new GuardedProgram.Plan(List.of("sleep", "1004"), Map.of("PATH", "/nowhere"), directory, true),
                null,
                printed::add);
        long pid = program.pid();
        program.close();
        assertThat(ProcessTree.of(pid)).isEmpty();
        assertThat(directory).exists();
    }

    private static boolean sleeps(ProcessHandle process) {
        return process.info().command().orElse("").contains("sleep");
    }

    private static boolean lives(ProcessHandle process) {
        return ProcessTree.of(process.pid()).isPresent();
    }
}
