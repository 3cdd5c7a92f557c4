package io.tcplab.companion.control;

import io.tcplab.kernel.observe.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the answer to the command observations. */
final class ObservationsJson {

    private ObservationsJson() {}

    static ObservationLog.Part read(Map<String, @Nullable Object> answer) {
        List<Observation> observations = new ArrayList<>();
        for (Map<String, @Nullable Object> each : Json.objects(answer, "observations")) {
            observations.add(ObservationJson.read(each));
        }
        return new ObservationLog.Part(observations, Json.integer(answer, "last", 0), Json.integer(answer, "lost", 0));
    }
}
