package io.tcplab.kernel.namespace;

import io.tcplab.kernel.LastLines;
import io.tcplab.kernel.ShortLines;
import io.tcplab.kernel.host.ProcessTree;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.Forks;
import io.tcplab.kernel.syscall.Signal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A program of the user's that runs in a network namespace and ends with all its descendants: with {@link #close}, and also when this
 * process ends in any way, kill -9 included.
 *
 * <p>A small shell stands above it, and a watch beside it that lives as long as its standard input, our pipe. Where we may make one, all
 * are in a pid namespace of their own, whose every process the kernel kills with its first (pid_namespaces(7)), those that have become
 * daemons too; elsewhere they are a session, and the watch kills its process group.
 */
public final class GuardedProgram implements AutoCloseable {

    /**
     * What the watch does: where the pipe ends without a word, who held it was killed, and nobody else removes the directory. kill(2) with
     * -1 spares its caller; a session of its own spares it where the process group is killed.
     */
    private static final String WATCH = """
            killed=
            read -r word <&4 || killed=yes
            kill -KILL "$1" 2> /dev/null
            [ -z "$killed" ] || [ -z "$2" ] || /bin/rm -rf -- "$2"
            """;

    /**
     * First of a pid namespace ($$ is 1), or leader of a session. What the program prints goes to standard error; standard output has
     * {@code pid N} and {@code exit N}. The program must not run in the background, where a shell has it ignore SIGINT. The user's PATH
     * may be any: what is needed is named by its path.
     */
    private static final String GUARD = """
            case $$ in 1) all=-1 ;; *) all=-$$ ;; esac
            exec 4<&0 5>&1
            "$1" /bin/sh -c "$2" tcplab-watch $all "$3" 5>&- &
            shift 3
            /bin/sh -c 'echo "pid $$" >&5; exec 5>&-; exec "$@"' tcplab-start "$@" < /dev/null >&2 4<&-
            echo "exit $?" >&5
            wait
            """;

    /** What a shell says of a program that SIGKILL has ended. */
    private static final int KILLED = 137;

    private static final int START_SECONDS = 10;
    private static final int END_SECONDS = 5;
    private static final int LAST_LINES = 20;

    private final Process guard;
    private final @Nullable NetworkNamespace namespace;
    private final CompletableFuture<Long> innerPid = new CompletableFuture<>();
    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();

    /** Completed when nobody can print any more and all is read. */
    private final CompletableFuture<Boolean> silent = new CompletableFuture<>();

    private final LastLines lastLines = new LastLines(LAST_LINES);
    private final Consumer<String> eachLine;
    private long pid;

    private GuardedProgram(Process guard, @Nullable NetworkNamespace namespace, Consumer<String> eachLine) {
        this.guard = guard;
        this.namespace = namespace;
        this.eachLine = eachLine;
    }

    /**
     * What is to run.
     *
     * @param command program and arguments; a program without a slash is searched for as {@link Programs#find} does
     * @param environment added to ours
     * @param directory where it runs
     * @param removed whether that is removed where this process is killed; otherwise it is its maker's to remove
     */
    public record Plan(List<String> command, Map<String, String> environment, Path directory, boolean removed) {
        public Plan {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
        }
    }

    /**
     * Starts it and returns once it has its process.
     *
     * @param namespace the network namespace it runs in; null for that of this process
     * @param eachLine has each line that it prints on either stream, on a thread of its own
     * @throws IOException where it cannot be started, with the reason
     */
    public static GuardedProgram start(Plan plan, @Nullable NetworkNamespace namespace, Consumer<String> eachLine)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command(plan)).directory(plan.directory().toFile());
        builder.environment().putAll(plan.environment());
        Process guard = namespace == null ? Forks.start(builder) : namespace.start(builder);
        GuardedProgram program = new GuardedProgram(guard, namespace, eachLine);
        Thread.ofPlatform().name("tcplab-server-output").daemon().start(program::hearProgram);
        Thread.ofPlatform().name("tcplab-server-guard").daemon().start(program::hearGuard);
        try {
            program.findPid();
        } catch (IOException e) {
            program.close();
            throw e;
        }
        return program;
    }

    private static List<String> command(Plan plan) throws IOException {
        String first = plan.command().getFirst();
        String path = first.contains("/")
                ? first
                : Programs.find(first)
                        .orElseThrow(() ->
                                new IOException("no program " + first + " on the PATH; install it, or give its path"));
        List<String> command = new ArrayList<>();
        if (!UserNamespace.needed()) {
            command.addAll(List.of(required("unshare"), "--pid", "--fork", "--kill-child=SIGKILL", "--"));
        }
        String setsid = required("setsid");
        command.addAll(List.of(setsid, "/bin/sh", "-c", GUARD, "tcplab-guard"));
        command.addAll(List.of(setsid, WATCH, plan.removed() ? plan.directory().toString() : "", path));
        command.addAll(plan.command().subList(1, plan.command().size()));
        return command;
    }

    private static String required(String program) throws IOException {
        return Programs.find(program)
                .orElseThrow(() -> new IOException("no program " + program + "; install util-linux"));
    }

    private void findPid() throws IOException {
        try {
            long inner = innerPid.get(START_SECONDS, TimeUnit.SECONDS);
            OptionalLong outer = ProcessTree.byInnerPid(ProcessTree.pids(guard.pid()), inner);
            // It may have ended already; its exit code and its last lines are still to be asked for.
            pid = outer.orElse(0);
        } catch (TimeoutException | ExecutionException e) {
            throw new IOException("it did not start: " + lastLines, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a program was started", e);
        }
    }

    private void hearGuard() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(guard.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("pid ")) {
                    innerPid.complete(Long.parseLong(line.substring(4)));
                } else if (line.startsWith("exit ")) {
                    exitCode.complete(Integer.parseInt(line.substring(5)));
                }
            }
        } catch (IOException | NumberFormatException _) {
            // The guard was killed: whoever waits is told below.
        }
        innerPid.completeExceptionally(new IOException("the guard has ended"));
        exitCode.complete(KILLED);
    }

    private void hearProgram() {
        try (InputStream printed = guard.getErrorStream()) {
            ShortLines lines = new ShortLines(printed);
            for (String line = lines.next(); line != null; line = lines.next()) {
                eachLine.accept(lastLines.add(line));
            }
        } catch (IOException _) {
            // It was killed; what it printed before is kept.
        } finally {
            silent.complete(true);
        }
    }

    /** Its process id, as this process sees it; 0 where it ended at once. */
    public long pid() {
        return pid;
    }

    /** The last lines that it printed on either stream, at most 20. */
    public List<String> lastLines() {
        return lastLines.all();
    }

    /** Kills what is left of it, and returns the last lines of all that it printed: its end may be known before its last words are read. */
    public List<String> lastWords() {
        close();
        try {
            boolean _ = silent.get(END_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException _) {
            // Somebody else holds its output: what was read until now is what there is.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return lastLines();
    }

    /** Completed with its exit code when it ends: 128 + N after signal N. */
    public CompletableFuture<Integer> exitCode() {
        return exitCode;
    }

    /** What it and its descendants use now; absent where it has ended. */
    public Optional<ProcessTree> tree() {
        return pid == 0 ? Optional.empty() : ProcessTree.of(pid);
    }

    /** Sends a signal to the program itself, not to its descendants. */
    public Errno signal(Signal signal) {
        return pid == 0 || exitCode.isDone() ? Errno.ESRCH : signal.send(pid);
    }

    /**
     * What goes in front of a command so that it runs where the program does: in its network namespace and, as long as it runs, its pid
     * namespace (nsenter(1)).
     */
    public List<String> besideIt() throws IOException {
        List<String> prefix = new ArrayList<>(List.of(required("nsenter")));
        if (namespace != null) {
            prefix.add("--net=" + namespace.path());
        }
        if (!UserNamespace.needed() && pid != 0 && !exitCode.isDone()) {
            prefix.add("--pid=/proc/" + pid + "/ns/pid");
        }
        prefix.add("--");
        return prefix;
    }

    /**
     * Asks it to end, waits, and ends whatever is left of it and its descendants. All are gone when this returns. What SIGSTOP has stopped
     * goes on, so that it can end in order, as with systemd (systemd.kill(5), KillSignal=).
     */
    public void stop(Signal signal, Duration atMost) {
        if (signal(signal).ok()) {
            ProcessTree.pids(pid).forEach(each -> {
                Errno _ = Signal.CONT.send(each);
            });
            try {
                int _ = exitCode.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException | ExecutionException _) {
                // It ignores the signal, or is slow: it is killed.
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
        close();
    }

    /** Kills it and all its descendants, which are gone when this returns. */
    @Override
    public void close() {
        try (OutputStream word = guard.getOutputStream()) {
            word.write('\n');
        } catch (IOException _) {
            // The guard has ended before.
        }
        try {
            if (!guard.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                guard.destroyForcibly().waitFor(END_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException _) {
            guard.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
