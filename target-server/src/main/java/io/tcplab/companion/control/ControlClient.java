package io.tcplab.companion.control;

import io.tcplab.companion.CompanionCounts;
import io.tcplab.companion.CompanionException;
import io.tcplab.kernel.host.SideFacts;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks a companion or observer on another host over its control endpoint. Each call is one HTTP request. */
public final class ControlClient implements CompanionControl {

    private static final int CONNECT_MILLIS = 5_000;
    private static final int ANSWER_MILLIS = 20_000;
    private static final int MOST_BYTES = 64 << 20;

    private final String base;
    private final @Nullable String token;

    /** @param token what the endpoint wants to be shown, null for none */
    public ControlClient(String host, int port, @Nullable String token) {
        this.base = "http://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port + "/";
        this.token = token;
    }

    @Override
    public CompanionCounts counts() throws CompanionException {
        return countsOf(ask("GET", "counts", 0));
    }

    @Override
    public ClockReading clock() throws CompanionException {
        Map<String, @Nullable Object> answer = ask("GET", "clock", 0);
        return new ClockReading(Json.integer(answer, "nanos", 0), Json.integer(answer, "wallMillis", 0));
    }

    /** What is set in the network namespace in which it lives. */
    public SideFacts side() throws CompanionException {
        return SideJson.read(ask("GET", "side", 0));
    }

    @Override
    public void pauseAccepting() throws CompanionException {
        ask("POST", "pause", 0);
    }

    @Override
    public void resumeAccepting() throws CompanionException {
        ask("POST", "resume", 0);
    }

    @Override
    public CompanionCounts finish(Duration atMost) throws CompanionException {
        return countsOf(ask("POST", "finish?atMostMillis=" + atMost.toMillis(), Math.toIntExact(atMost.toMillis())));
    }

    @Override
    public ObservationLog.Part observations(long after) throws CompanionException {
        return ObservationsJson.read(ask("GET", "observations?after=" + after, 0));
    }

    /** As {@link #observations}; the last one is made now, with all states. */
    public ObservationLog.Part observationsUpToNow(long after) throws CompanionException {
        return ObservationsJson.read(ask("GET", "observations?look=1&after=" + after, 0));
    }

    private static CompanionCounts countsOf(Map<String, @Nullable Object> answer) {
        return CountsJson.read(Json.object(answer, "counts"));
    }

    private Map<String, @Nullable Object> ask(String method, String path, int moreMillis) throws CompanionException {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(base + path).toURL().openConnection(Proxy.NO_PROXY);
            connection.setRequestMethod(method);
            connection.setConnectTimeout(CONNECT_MILLIS);
            connection.setReadTimeout(ANSWER_MILLIS + moreMillis);
            if (token != null) {
                connection.setRequestProperty("Authorization", "Bearer " + token);
            }
            int status = connection.getResponseCode();
            try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                String text = body == null ? "{}" : new String(body.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
                return status < 400 ? Json.parse(text) : refused(path, status, text);
            }
        } catch (IOException | IllegalArgumentException failed) {
            throw new CompanionException(
                    "control " + base + path + ": " + failed.getMessage()
                            + "; is it the --control address of a companion?",
                    failed);
        }
    }

    private Map<String, @Nullable Object> refused(String path, int status, String text) throws CompanionException {
        String sentence = text.startsWith("{") ? Json.string(Json.parse(text), "failed", "") : "";
        throw new CompanionException("control " + base + path + ": status " + status + ", " + sentence);
    }

    /** Nothing is held open. */
    @Override
    public void close() {}
}
