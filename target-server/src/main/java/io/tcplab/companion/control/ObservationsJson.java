package io.tcplab.companion.control;

import io.tcplab.kernel.observe.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the answer to the command observations. */
final class ObservationsJson {

    private ObservationsJson() {}

    /** @throws IllegalArgumentException where the numbers do not fit the observations, or one of these is malformed */
    static ObservationLog.Part read(Map<String, @Nullable Object> answer) {
        if (!(answer.get("observations") instanceof List<?> elements)) {
            throw new IllegalArgumentException("it has no observations");
        }
        List<Observation> observations = new ArrayList<>();
        for (Map<String, @Nullable Object> each : Json.objects(answer, "observations")) {
            observations.add(ObservationJson.read(each));
        }
        long last = Json.whole(answer, "last");
        long lost = Json.within(answer, "lost", 0, Json.MOST);
        if (observations.size() < elements.size() || last < observations.size() || last > Json.MOST) {
            throw new IllegalArgumentException("its observations do not fit their number");
        }
        int port = (int) Json.within(answer, "port", 0, 65_535);
        return new ObservationLog.Part(observations, last, lost, port);
    }
}
