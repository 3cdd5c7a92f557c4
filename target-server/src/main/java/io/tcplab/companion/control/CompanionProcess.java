package io.tcplab.companion.control;

import io.tcplab.companion.CompanionCounts;
import io.tcplab.companion.CompanionException;
import io.tcplab.companion.CompanionSettings;
import io.tcplab.companion.ServingTransport;
import io.tcplab.kernel.syscall.Forks;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A companion that we started as a child process. It ends with {@link #close}, and also when this process ends in any way, kill -9
 * included: it lives only as long as its standard input, which is our pipe.
 */
public final class CompanionProcess implements CompanionControl {

    /** System property with further arguments for the child's JVM, separated by spaces: an archive of classes, for example. */
    public static final String JVM_ARGUMENTS = "tcplab.companion.jvmArgs";

    /** An ignored SIGINT stays ignored across exec: Ctrl-C on a terminal is for us, who then end the child in order (signal(7)). */
    private static final List<String> DEAF_TO_CTRL_C =
            List.of("/bin/sh", "-c", "trap '' INT; exec \"$@\"", "tcplab-companion");

    private static final long START_SECONDS = 30;
    private static final long ANSWER_SECONDS = 20;

    private final Process process;
    private final ChildPipe pipe;
    private long pid;
    private String certificatePem = "";
    private InetSocketAddress address = new InetSocketAddress(0);

    private CompanionProcess(Process process) {
        this.process = process;
        this.pipe = new ChildPipe(process);
    }

    /**
     * Starts a companion and returns once it listens. The child is forked by the calling thread and so lives in that thread's
     * network namespace.
     *
     * @throws CompanionException where it cannot listen, in the child's own sentence
     */
    public static CompanionProcess start(CompanionSettings settings) throws CompanionException {
        return start(settings, List.of());
    }

    /** As {@link #start(CompanionSettings)}, with a command in front that executes the rest, such as {@code taskset -c 1}. */
    public static CompanionProcess start(CompanionSettings settings, List<String> prefix) throws CompanionException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(DEAF_TO_CTRL_C);
        command.addAll(java());
        command.add(CompanionMain.class.getName());
        command.add(CompanionMain.ATTACHED);
        command.add(SettingsJson.write(settings));
        CompanionProcess companion;
        try {
            companion = new CompanionProcess(Forks.start(new ProcessBuilder(command)));
        } catch (IOException refused) {
            throw new CompanionException("the companion cannot be started: " + refused.getMessage(), refused);
        }
        companion.pipe.listen();
        try {
            companion.awaitReady();
        } catch (CompanionException failed) {
            companion.process.destroyForcibly();
            throw failed;
        }
        return companion;
    }

    private static List<String> java() {
        List<String> java = new ArrayList<>(List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-XX:-UsePerfData",
                // No word about native access, with which the JVM refuses an archive of classes: without one it warns.
                "--sun-misc-unsafe-memory-access=allow",
                "-Dio.netty.leakDetection.level=disabled"));
        String more = System.getProperty(JVM_ARGUMENTS, "").strip();
        if (!more.isEmpty()) {
            java.addAll(List.of(more.split("\\s+")));
        }
        String transport = System.getProperty(ServingTransport.PROPERTY);
        if (transport != null) {
            java.add("-D" + ServingTransport.PROPERTY + "=" + transport);
        }
        java.add("-cp");
        java.add(System.getProperty("java.class.path"));
        return java;
    }

    private void awaitReady() throws CompanionException {
        Map<String, @Nullable Object> first = pipe.ready(START_SECONDS);
        Map<String, @Nullable Object> where = Json.object(first, "ready");
        String host = Json.string(where, "host", "");
        pid = Json.integer(where, "pid", process.pid());
        certificatePem = Json.string(where, "certificate", "");
        if (host.isEmpty()) {
            throw new CompanionException(Json.string(first, "failed", "the companion did not start"));
        }
        try {
            address =
                    new InetSocketAddress(InetAddress.getByName(host), Math.toIntExact(Json.integer(where, "port", 0)));
        } catch (IOException unexpected) {
            throw new CompanionException("the companion gave no address but " + host, unexpected);
        }
    }

    /** Where the companion listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** The certificate that it shows, in PEM; empty without TLS. */
    public String certificatePem() {
        return certificatePem;
    }

    /** The child's process id. */
    public long pid() {
        return pid;
    }

    /** Whether the child is still there. */
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public CompanionCounts counts() throws CompanionException {
        return countsOf(pipe.ask("counts", "", 0, ANSWER_SECONDS));
    }

    @Override
    public ClockReading clock() throws CompanionException {
        Map<String, @Nullable Object> answer = pipe.ask("clock", "", 0, ANSWER_SECONDS);
        return new ClockReading(Json.integer(answer, "nanos", 0), Json.integer(answer, "wallMillis", 0));
    }

    @Override
    public CompanionCounts finish(Duration atMost) throws CompanionException {
        return countsOf(pipe.ask("finish", "atMostMillis", atMost.toMillis(), ANSWER_SECONDS + atMost.toSeconds()));
    }

    @Override
    public ObservationLog.Part observations(long after) throws CompanionException {
        return ObservationsJson.read(pipe.ask("observations", "after", after, ANSWER_SECONDS));
    }

    private static CompanionCounts countsOf(Map<String, @Nullable Object> answer) {
        return CountsJson.read(Json.object(answer, "counts"));
    }

    /** Asks the child to stop, gives it a few seconds, then ends it. The child is gone when this returns. */
    @Override
    public void close() {
        try {
            pipe.stop();
        } catch (CompanionException | IOException gone) {
            process.destroy();
        }
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
