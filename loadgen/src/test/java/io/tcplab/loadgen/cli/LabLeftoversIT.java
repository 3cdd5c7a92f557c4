package io.tcplab.loadgen.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tcplab.kernel.namespace.Programs;
import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.run.ExitCode;
import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A lab that is ended in the middle, by Ctrl-C or by kill -9, as root and as an ordinary user: nothing is left of it. */
@Timeout(200)
class LabLeftoversIT {
    private static final List<String> NOBODY = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

    @TempDir
    private Path place;

    private List<String> tracesBefore = List.of();

    @BeforeAll
    static void needsRootAndTheProgram() {
        assumeThat(LabProcess.isPackaged()).as("the packaged program").isTrue();
        assumeThat(System.getProperty("user.name"))
                .as("only root sees what others left")
                .isEqualTo("root");
        assumeThat(UserNamespace.obstacle()).isEmpty();
    }

    @BeforeEach
    void rememberTheHost() throws IOException {
        tracesBefore = traceMounts();
    }

    private static List<String> traceMounts() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .filter(line -> line.contains("tracefs"))
                .toList();
    }

    private LabProcess root() {
        return new LabProcess(place);
    }

    private LabProcess ordinaryUser() {
        return new LabProcess(place).under(NOBODY.toArray(String[]::new));
    }

    /** Runs what takes a while, with tools, holds and slow cables, until it is in the middle of it. */
    private Process inTheMiddle(LabProcess lab, String... more) throws Exception {
        String[] ids = {"run", "C4", "C13", "T6", "F1", "A2", "T21"};
        Process process =
                lab.start(java.util.stream.Stream.concat(java.util.Arrays.stream(ids), java.util.Arrays.stream(more))
                        .toArray(String[]::new));
        awaitNamespaces(lab, process);
        return process;
    }

    /** Waits until a thread of the process is in another network namespace than ours, and then a little. */
    private void awaitNamespaces(LabProcess lab, Process process) throws Exception {
        Path ours = Files.readSymbolicLink(Path.of("/proc/self/ns/net"));
        while (process.isAlive() && !hasOther(process.pid(), ours)) {
            Thread.onSpinWait();
        }
        if (!process.isAlive()) {
            LabProcess.Ended ended = lab.await(process);
            assumeThat(ended.err())
                    .as("the directory must be readable to anyone")
                    .doesNotContain("jarfile");
            throw new AssertionError("it ended too early: " + ended);
        }
        Thread.sleep(1000);
    }

    private static boolean hasOther(long pid, Path ours) {
        try (var threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads.toList()) {
                if (!Files.readSymbolicLink(thread.resolve("ns/net")).equals(ours)) {
                    return true;
                }
            }
            return false;
        } catch (IOException _) {
            return false;
        }
    }

    private static void signal(String name, Process process) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private void nothingIsLeftOf(LabProcess lab) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!lab.alive().isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
        assertThat(lab.alive()).as("processes").isEmpty();
        assertThat(NetworkInterface.networkInterfaces().map(NetworkInterface::getName))
                .as("devices of the host")
                .doesNotContain("vc", "vs");
        assertThat(traceMounts()).as("tracefs of the host").isEqualTo(tracesBefore);
    }

    private void interrupted(LabProcess lab) throws Exception {
        Process process = inTheMiddle(lab);
        signal("INT", process);
        assertThat(lab.await(process).code()).isEqualTo(ExitCode.INTERRUPTED.code());
        nothingIsLeftOf(lab);
    }

    private void killed(LabProcess lab, String... more) throws Exception {
        Process process = inTheMiddle(lab, more);
        signal("KILL", process);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        nothingIsLeftOf(lab);
    }

    @Test
    void ctrlCLeavesNothingAsRoot() throws Exception {
        interrupted(root());
    }

    @Test
    void ctrlCLeavesNothingAsAnOrdinaryUser() throws Exception {
        interrupted(ordinaryUser());
    }

    @Test
    void killLeavesNothingAsRoot() throws Exception {
        killed(root());
    }

    @Test
    void killLeavesNothingAsAnOrdinaryUser() throws Exception {
        killed(ordinaryUser());
    }

    @Test
    void theTraceDiesWithTheLabThatStartedIt() throws Exception {
        assumeThat(Programs.find("bpftrace")).as("the program bpftrace").isPresent();
        LabProcess lab = root();
        Process process = lab.start("run", "S12", "--repeat", "30", "--parallel", "1");
        while (process.isAlive() && !lab.alive().contains("bpftrace")) {
            Thread.sleep(20);
        }
        assertThat(process.isAlive()).as(lab.out()).isTrue();
        signal("KILL", process);
        nothingIsLeftOf(lab);
    }
}
