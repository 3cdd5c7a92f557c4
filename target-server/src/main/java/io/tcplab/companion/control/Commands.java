package io.tcplab.companion.control;

import io.tcplab.companion.Companion;
import io.tcplab.kernel.host.SideFacts;
import io.tcplab.kernel.observe.Observation;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * The commands of a companion, or of an observer without one, the same over a pipe and over HTTP: each is carried out and writes the
 * properties of its answer.
 */
final class Commands {

    private static final Duration FINISH_AT_MOST = Duration.ofSeconds(5);
    private static final long FINISH_MOST_MILLIS = 600_000;

    private final @Nullable Companion companion;
    private final @Nullable ObservationLog log;

    Commands(@Nullable Companion companion, @Nullable ObservationLog log) {
        this.companion = companion;
        this.log = log;
    }

    /**
     * Carries out one command.
     *
     * @param with its parameters: {@code after} and {@code look} (1: observe now, with all states) for observations,
     *     {@code atMostMillis} for finish
     * @throws IllegalArgumentException where there is no such command, or nobody to carry it out
     * @throws IllegalStateException where it is too late for it
     */
    void answer(String command, Map<String, @Nullable Object> with, JsonGenerator to) {
        switch (command) {
            case "counts" -> counts(to);
            case "clock" -> clock(to);
            case "side" -> SideJson.write(to, log == null ? SideFacts.read() : log.side());
            case "observations" -> observations(Json.integer(with, "after", 0), Json.integer(with, "look", 0) == 1, to);
            case "pause" -> {
                accepting().pauseAccepting();
                counts(to);
            }
            case "resume" -> {
                accepting().resumeAccepting();
                counts(to);
            }
            case "finish" -> {
                long millis = Json.integer(with, "atMostMillis", FINISH_AT_MOST.toMillis());
                boolean settled = companion().finish(Duration.ofMillis(Math.clamp(millis, 0, FINISH_MOST_MILLIS)));
                to.writeBooleanProperty("settled", settled);
                counts(to);
            }
            default ->
                throw new IllegalArgumentException("no command " + command
                        + ", there are counts, clock, side, observations, pause, resume and finish");
        }
    }

    private Companion companion() {
        if (companion == null) {
            throw new IllegalArgumentException("this is an observer: there is no companion to count or command");
        }
        return companion;
    }

    private Companion accepting() {
        Companion companion = companion();
        if (companion.hasFinished()) {
            throw new IllegalStateException("the companion has finished: it no longer listens");
        }
        return companion;
    }

    private void counts(JsonGenerator to) {
        Companion counted = companion();
        to.writeObjectPropertyStart("counts");
        CountsJson.write(to, counted.counts());
        to.writeEndObject();
        to.writeStringProperty("transport", counted.transport());
        to.writeStringProperty("transportReason", counted.transportReason());
    }

    private static void clock(JsonGenerator to) {
        ClockReading clock = ClockReading.now();
        to.writeNumberProperty("nanos", clock.nanos());
        to.writeNumberProperty("wallMillis", clock.wallMillis());
    }

    private void observations(long after, boolean look, JsonGenerator to) {
        if (log == null) {
            throw new IllegalArgumentException("nothing is observed: it was switched off");
        }
        if (look) {
            log.look();
        }
        ObservationLog.Part part = log.after(after);
        to.writeNumberProperty("last", part.last());
        to.writeNumberProperty("lost", part.lost());
        to.writeNumberProperty("port", part.port());
        to.writeArrayPropertyStart("observations");
        for (Observation observation : part.observations()) {
            to.writeStartObject();
            ObservationJson.write(to, observation);
            to.writeEndObject();
        }
        to.writeEndArray();
    }
}
