package io.tcplab.kernel.namespace;

import io.tcplab.kernel.ProcFile;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.Syscalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The way to network namespaces for an ordinary user: the process replaces itself by {@code unshare -Ur -- java …}, in a
 * user namespace where it has every capability (user_namespaces(7)). The pid stays, and nothing is left behind.
 */
public final class UserNamespace {
    /** Set in the environment of the process that has replaced itself; its value means nothing. */
    public static final String GUARD = "TCPLAB_IN_USER_NAMESPACE";

    private static final int CAP_NET_ADMIN = 12;
    private static final int CAP_SYS_ADMIN = 21;
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    private static final int PROBE_SECONDS = 10;

    private UserNamespace() {}

    /** Whether this process lacks CAP_SYS_ADMIN or CAP_NET_ADMIN and so cannot make a connected pair as it is. */
    public static boolean needed() {
        long capabilities = effectiveCapabilities(ProcFile.read(Path.of("/proc/thread-self/status")));
        return (capabilities >>> CAP_SYS_ADMIN & capabilities >>> CAP_NET_ADMIN & 1) == 0;
    }

    static long effectiveCapabilities(String status) {
        return status.lines()
                .filter(line -> line.startsWith("CapEff:"))
                .map(line -> line.substring("CapEff:".length()).strip())
                .mapToLong(hex -> Long.parseUnsignedLong(hex, 16))
                .findFirst()
                .orElse(0);
    }

    /** The command line that this process was started with, its program by full path. */
    public static List<String> ownCommand() throws IOException {
        String raw = new String(ProcFile.bytes(Path.of("/proc/self/cmdline")), StandardCharsets.UTF_8);
        List<String> command = new ArrayList<>(List.of(raw.split("\0", -1)));
        // Every argument ends with a zero byte, so the last piece is empty and none of them.
        command.removeLast();
        command.set(0, Files.readSymbolicLink(Path.of("/proc/self/exe")).toString());
        return command;
    }

    /**
     * Replaces this process by {@code command}, usually {@link #ownCommand}, in a new user namespace; does nothing where
     * none is needed. Call it early: other threads end without notice and no shutdown hook runs. Returns only if nothing
     * was to do; throws IOException if it cannot be done, or was done and did not help. It is tried before: unshare(1), once this process
     * is replaced by it, could only say what the system call says.
     */
    public static void reexecIfNeeded(List<String> command) throws IOException {
        if (!needed()) {
            return;
        }
        if (System.getenv(GUARD) != null) {
            throw new NamespaceRefused("no capabilities, not even in its own user namespace");
        }
        Optional<String> obstacle = obstacle();
        if (obstacle.isPresent()) {
            throw new NamespaceRefused(obstacle.get());
        }
        String unshare = Programs.find("unshare").orElseThrow(() -> new NamespaceRefused("unshare is missing"));
        List<String> argv = new ArrayList<>(List.of(unshare, "-U", "-r", "--"));
        argv.addAll(command);
        replaceBy(unshare, argv, Map.of(GUARD, "1"));
    }

    /**
     * Replaces this process by itself with these variables in its environment, for a library that takes its settings from there alone;
     * does nothing where they are set so already. As {@link #reexecIfNeeded(List)} otherwise: call it early.
     */
    public static void reexecWith(Map<String, String> variables) throws IOException {
        boolean set =
                variables.entrySet().stream().allMatch(each -> each.getValue().equals(System.getenv(each.getKey())));
        if (!set) {
            List<String> command = ownCommand();
            replaceBy(command.getFirst(), command, variables);
        }
    }

    private static void replaceBy(String program, List<String> argv, Map<String, String> variables) throws IOException {
        keepOnlyStandardStreams();
        Files.deleteIfExists(ownPerformanceFile());
        Errno errno = Errno.ofResult(Syscalls.execve(program, argv, environment(variables)));
        throw new NamespaceRefused("execve " + program + ": " + errno);
    }

    /** {@link #reexecIfNeeded(List)} with the own command line. */
    public static void reexecIfNeeded() throws IOException {
        reexecIfNeeded(ownCommand());
    }

    /**
     * Why network namespaces cannot be made here, as one sentence with the remedy; empty if they can. It tries, in a
     * thread or a process of its own, and leaves nothing.
     */
    public static Optional<String> obstacle() {
        return Obstacle.find(needed());
    }

    private static List<String> environment(Map<String, String> more) {
        Map<String, String> variables = new TreeMap<>(System.getenv());
        variables.putAll(more);
        return variables.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .toList();
    }

    /** Every open descriptor but the first three closes itself on execve. */
    private static void keepOnlyStandardStreams() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            open.mapToInt(file -> Integer.parseInt(file.getFileName().toString()))
                    .filter(fd -> fd > 2)
                    .forEach(fd -> Errno.ofResult(Syscalls.fcntl(fd, F_SETFD, FD_CLOEXEC)));
        }
    }

    /** What the JVM would remove at its end, which execve takes from it. */
    private static Path ownPerformanceFile() {
        String user = System.getProperty("user.name", "");
        return Path.of(
                "/tmp/hsperfdata_" + user, Long.toString(ProcessHandle.current().pid()));
    }

    /** Runs {@code command} and tells whether it ended well. */
    static boolean succeeds(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean ended = process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            return ended && process.exitValue() == 0;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
