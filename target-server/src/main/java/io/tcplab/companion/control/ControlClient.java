package io.tcplab.companion.control;

import io.tcplab.companion.CompanionCounts;
import io.tcplab.companion.CompanionException;
import io.tcplab.kernel.Printable;
import io.tcplab.kernel.host.SideFacts;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks a companion or observer on another host over its control endpoint. All questions go over one connection; when that one has broken,
 * the next question opens another. An answer is believed only where it is what such an endpoint sends: its size, its time, its types and
 * its names are checked, and its text is made printable.
 *
 * <p>For one thread at a time, but {@link #close} is for any: it ends a question that waits.
 */
public final class ControlClient implements CompanionControl {

    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final String host;
    private final int port;
    private final @Nullable String token;

    /** Volatile: {@link #close} may come from another thread. */
    private volatile @Nullable ControlConnection connection;

    /** Volatile likewise. */
    private volatile boolean closed;

    private int connections;
    private long latestNanos = Long.MAX_VALUE;

    /** @param token what the endpoint asks to be shown, null for none */
    public ControlClient(String host, int port, @Nullable String token) {
        this.host = host;
        this.port = port;
        this.token = token;
    }

    /** Ends every question from now on by this {@link System#nanoTime} value, whatever it may take otherwise. */
    public void endBy(long nanos) {
        latestNanos = nanos;
    }

    /** Whether the next question needs no new connection, as far as is known. */
    public boolean isConnected() {
        ControlConnection current = connection;
        return current != null && current.isOpen();
    }

    /** How many connections were established so far: each is in the counters of both kernels. */
    public int connections() {
        return connections;
    }

    @Override
    public CompanionCounts counts() throws CompanionException {
        return read("counts", countsOf(ask("GET", "counts", ANSWER)));
    }

    @Override
    public ClockReading clock() throws CompanionException {
        Map<String, @Nullable Object> answer = ask("GET", "clock", ANSWER);
        return read("clock", () -> new ClockReading(Json.whole(answer, "nanos"), Json.whole(answer, "wallMillis")));
    }

    /** What is set in the network namespace in which it lives. */
    public SideFacts side() throws CompanionException {
        Map<String, @Nullable Object> answer = ask("GET", "side", ANSWER);
        return read("side", () -> SideJson.read(answer));
    }

    @Override
    public CompanionCounts finish(Duration atMost) throws CompanionException {
        return read("finish", countsOf(ask("POST", "finish?atMostMillis=" + atMost.toMillis(), ANSWER.plus(atMost))));
    }

    @Override
    public ObservationLog.Part observations(long after) throws CompanionException {
        Map<String, @Nullable Object> answer = ask("GET", "observations?after=" + after, ANSWER);
        return read("observations", () -> ObservationsJson.read(answer));
    }

    /** As {@link #observations}; the last one is made now, with all states. */
    public ObservationLog.Part observationsUpToNow(long after) throws CompanionException {
        Map<String, @Nullable Object> answer = ask("GET", "observations?look=1&after=" + after, ANSWER);
        return read("observations", () -> ObservationsJson.read(answer));
    }

    private static Reading<CompanionCounts> countsOf(Map<String, @Nullable Object> answer) {
        return () -> {
            if (!answer.containsKey("counts")) {
                throw new IllegalArgumentException("it has no counts");
            }
            return CountsJson.read(Json.object(answer, "counts"));
        };
    }

    /** Makes an answer's facts of its JSON; throws IllegalArgumentException where it is not such an answer. */
    private interface Reading<T> {
        T read();
    }

    private <T> T read(String path, Reading<T> reading) throws CompanionException {
        try {
            return reading.read();
        } catch (IllegalArgumentException malformed) {
            disconnect();
            throw unusable(path, malformed);
        }
    }

    private Map<String, @Nullable Object> ask(String method, String path, Duration atMost) throws CompanionException {
        try {
            long byNanos = Math.min(latestNanos, System.nanoTime() + atMost.toNanos());
            ControlConnection.Answer answer = connected(byNanos).ask(method, path, token, byNanos);
            if (answer.status() >= 400) {
                throw refused(path, answer);
            }
            return Json.parse(answer.body());
        } catch (IOException | IllegalArgumentException failed) {
            disconnect();
            throw unusable(path, failed);
        }
    }

    private ControlConnection connected(long byNanos) throws IOException {
        ControlConnection current = connection;
        if (closed) {
            throw new IOException("it is no longer asked");
        }
        if (current == null || !current.isOpen()) {
            current = ControlConnection.open(host, port, byNanos);
            connections++;
            connection = current;
            if (closed) {
                disconnect();
            }
        }
        return current;
    }

    private CompanionException refused(String path, ControlConnection.Answer answer) {
        String sentence = "no reason given";
        try {
            sentence = Printable.shortLine(Json.string(Json.parse(answer.body()), "failed", sentence));
        } catch (IllegalArgumentException _) {
            // The status says enough.
        }
        return new CompanionException("control " + address(path) + ": status " + answer.status() + ", " + sentence);
    }

    private CompanionException unusable(String path, Exception failed) {
        return new CompanionException(
                "control " + address(path) + ": " + Printable.shortLine(String.valueOf(failed.getMessage()))
                        + "; is it the --control address of a companion or an observer?",
                failed);
    }

    private String address(String path) {
        return "http://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port + "/" + path;
    }

    private void disconnect() {
        ControlConnection current = connection;
        if (current != null) {
            current.close();
        }
    }

    /** Closes the connection; a question that waits for its answer, and any after it, fails. */
    @Override
    public void close() {
        closed = true;
        disconnect();
    }
}
