package io.tcplab.companion.control;

import io.tcplab.companion.CompanionCounts;
import io.tcplab.companion.CompanionException;
import io.tcplab.companion.CompanionSettings;
import io.tcplab.kernel.syscall.Forks;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
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
    private static final int COMPLAINT_LINES = 5;

    /** How the JVM begins a line about native access. */
    private static final String WARNING = "WARNING: ";

    private final Process process;
    private final Writer toChild;
    private final Map<Long, CompletableFuture<Map<String, @Nullable Object>>> waiting = new ConcurrentHashMap<>();
    private final CompletableFuture<Map<String, @Nullable Object>> ready = new CompletableFuture<>();
    private final Deque<String> complaints = new ArrayDeque<>();
    private final AtomicLong ids = new AtomicLong();

    /** Whether no answer comes any more; volatile: who asks must see what the listening thread found. */
    private volatile boolean gone;

    private long pid;
    private String certificatePem = "";
    private InetSocketAddress address = new InetSocketAddress(0);

    private CompanionProcess(Process process) {
        this.process = process;
        this.toChild = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
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
        companion.listen();
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
        java.add("-cp");
        java.add(System.getProperty("java.class.path"));
        return java;
    }

    private void listen() {
        Thread.ofPlatform().name("tcplab-companion-answers").daemon().start(this::hear);
        Thread.ofPlatform().name("tcplab-companion-complaints").daemon().start(this::collectComplaints);
    }

    private void hear() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("{")) {
                    hear(Json.parse(line));
                } else {
                    // The JVM itself complains on its standard output.
                    complain(line);
                }
            }
        } catch (IOException | IllegalArgumentException broken) {
            complain(String.valueOf(broken.getMessage()));
        }
        CompanionException ended = new CompanionException("the companion has ended" + complaintsText());
        gone = true;
        ready.completeExceptionally(ended);
        waiting.values().forEach(answer -> answer.completeExceptionally(ended));
    }

    private void hear(Map<String, @Nullable Object> line) {
        long id = Json.integer(line, "id", -1);
        if (id < 0) {
            ready.complete(line);
            return;
        }
        CompletableFuture<Map<String, @Nullable Object>> answer = waiting.remove(id);
        if (answer != null) {
            answer.complete(line);
        }
    }

    private void collectComplaints() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith(WARNING)) {
                    complain(line);
                }
            }
        } catch (IOException closed) {
            complain(String.valueOf(closed.getMessage()));
        }
    }

    private void complain(String line) {
        synchronized (complaints) {
            if (complaints.size() == COMPLAINT_LINES) {
                complaints.removeFirst();
            }
            complaints.addLast(line);
        }
    }

    private String complaintsText() {
        synchronized (complaints) {
            return complaints.isEmpty() ? "" : ": " + String.join(" / ", complaints);
        }
    }

    private void awaitReady() throws CompanionException {
        Map<String, @Nullable Object> first = await(ready, START_SECONDS);
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
        return countsOf(ask("counts", "", 0, ANSWER_SECONDS));
    }

    @Override
    public ClockReading clock() throws CompanionException {
        Map<String, @Nullable Object> answer = ask("clock", "", 0, ANSWER_SECONDS);
        return new ClockReading(Json.integer(answer, "nanos", 0), Json.integer(answer, "wallMillis", 0));
    }

    @Override
    public CompanionCounts finish(Duration atMost) throws CompanionException {
        return countsOf(ask("finish", "atMostMillis", atMost.toMillis(), ANSWER_SECONDS + atMost.toSeconds()));
    }

    @Override
    public ObservationLog.Part observations(long after) throws CompanionException {
        return ObservationsJson.read(ask("observations", "after", after, ANSWER_SECONDS));
    }

    private static CompanionCounts countsOf(Map<String, @Nullable Object> answer) {
        return CountsJson.read(Json.object(answer, "counts"));
    }

    private Map<String, @Nullable Object> ask(String command, String parameter, long value, long seconds)
            throws CompanionException {
        long id = ids.incrementAndGet();
        CompletableFuture<Map<String, @Nullable Object>> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        if (gone) {
            throw new CompanionException("the companion has ended" + complaintsText());
        }
        send(Json.object(to -> {
            to.writeNumberProperty("id", id);
            to.writeStringProperty("do", command);
            if (!parameter.isEmpty()) {
                to.writeNumberProperty(parameter, value);
            }
        }));
        Map<String, @Nullable Object> said = await(answer, seconds);
        String failed = Json.string(said, "failed", "");
        if (!failed.isEmpty()) {
            throw new CompanionException(failed);
        }
        return said;
    }

    private void send(String line) throws CompanionException {
        try {
            synchronized (toChild) {
                toChild.write(line);
                toChild.write('\n');
                toChild.flush();
            }
        } catch (IOException gone) {
            throw new CompanionException("the companion has ended" + complaintsText(), gone);
        }
    }

    private Map<String, @Nullable Object> await(CompletableFuture<Map<String, @Nullable Object>> answer, long seconds)
            throws CompanionException {
        try {
            return answer.get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new CompanionException("the companion has ended" + complaintsText(), failed);
        } catch (TimeoutException late) {
            throw new CompanionException("the companion did not answer within " + seconds + " s", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CompanionException("interrupted while waiting for the companion", interrupted);
        }
    }

    /** Asks the child to stop, gives it a few seconds, then ends it. The child is gone when this returns. */
    @Override
    public void close() {
        try {
            send(Json.object(to -> to.writeStringProperty("do", "stop")));
            toChild.close();
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
