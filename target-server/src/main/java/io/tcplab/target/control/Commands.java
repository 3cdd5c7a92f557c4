package io.tcplab.target.control;

import io.tcplab.target.Companion;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** The commands of a companion, the same ones over a pipe and over HTTP: each is carried out and writes its answer. */
final class Commands {

    static final Duration FINISH_AT_MOST = Duration.ofSeconds(5);

    private final Companion companion;

    Commands(Companion companion) {
        this.companion = companion;
    }

    /**
     * Carries out one command and writes the properties of its answer.
     *
     * @throws IllegalArgumentException where there is no such command
     */
    void answer(String command, Map<String, @Nullable Object> with, JsonGenerator to) {
        switch (command) {
            case "counts" -> counts(to);
            case "clock" -> {
                ClockReading clock = ClockReading.now();
                to.writeNumberProperty("nanos", clock.nanos());
                to.writeNumberProperty("wallMillis", clock.wallMillis());
            }
            case "pause" -> {
                companion.pauseAccepting();
                counts(to);
            }
            case "resume" -> {
                companion.resumeAccepting();
                counts(to);
            }
            case "finish" -> {
                long millis = Json.integer(with, "atMostMillis", FINISH_AT_MOST.toMillis());
                boolean settled = companion.finish(Duration.ofMillis(Math.clamp(millis, 0, 600_000)));
                to.writeBooleanProperty("settled", settled);
                counts(to);
            }
            default ->
                throw new IllegalArgumentException("no command " + command
                        + ", there are counts, clock, observations, pause, resume, finish and stop");
        }
    }

    private void counts(JsonGenerator to) {
        to.writeObjectPropertyStart("counts");
        CountsJson.write(to, companion.counts());
        to.writeEndObject();
    }
}
