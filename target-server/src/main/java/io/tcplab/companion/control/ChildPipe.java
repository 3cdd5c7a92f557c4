package io.tcplab.companion.control;

import io.tcplab.companion.CompanionException;
import io.tcplab.kernel.LastLines;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Questions and answers with a companion in a child process: a line of JSON each, over its standard input and output. What it prints
 * beside them, and on its standard error, is quoted where it has ended. Any thread may ask.
 */
final class ChildPipe {

    private static final int COMPLAINT_LINES = 5;

    /** How the JVM begins a line about native access. */
    private static final String WARNING = "WARNING: ";

    private final Process process;
    private final Writer toChild;
    private final Map<Long, CompletableFuture<Map<String, @Nullable Object>>> waiting = new ConcurrentHashMap<>();
    private final CompletableFuture<Map<String, @Nullable Object>> ready = new CompletableFuture<>();
    private final LastLines complaints = new LastLines(COMPLAINT_LINES);
    private final AtomicLong ids = new AtomicLong();

    /** Whether no answer comes any more; volatile: who asks must see what the listening thread found. */
    private volatile boolean gone;

    ChildPipe(Process process) {
        this.process = process;
        this.toChild = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    }

    /** Begins to hear what it says. */
    void listen() {
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
        String _ = complaints.add(line);
    }

    private String complaintsText() {
        String text = complaints.toString();
        return text.isEmpty() ? "" : ": " + text;
    }

    /** What it says first. */
    Map<String, @Nullable Object> ready(long seconds) throws CompanionException {
        return await(ready, seconds);
    }

    /** Asks; returns the answer, or throws with the reason that it gave or with its last words. */
    Map<String, @Nullable Object> ask(String command, String parameter, long value, long seconds)
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

    /** Tells it to stop, and asks nothing more. */
    void stop() throws CompanionException, IOException {
        send(Json.object(to -> to.writeStringProperty("do", "stop")));
        toChild.close();
    }
}
