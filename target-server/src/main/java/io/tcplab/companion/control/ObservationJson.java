package io.tcplab.companion.control;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.counters.SocketStat;
import io.tcplab.kernel.observe.Observation;
import io.tcplab.kernel.sockdiag.PortCounts;
import io.tcplab.kernel.sockdiag.StateCounts;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** An {@link Observation} as the properties of a JSON object, with states and counters by the kernel's names. */
final class ObservationJson {

    private ObservationJson() {}

    static void write(JsonGenerator to, Observation observation) {
        to.writeNumberProperty("atNanos", observation.atNanos());
        to.writeNumberProperty("wallMillis", observation.wallMillis());
        to.writeNumberProperty("acceptQueueLength", observation.acceptQueueLength());
        to.writeNumberProperty("acceptQueueLimit", observation.acceptQueueLimit());
        to.writeNumberProperty("listenerDrops", observation.listenerDrops());
        ListenerJson.write(to, observation.listeners());
        to.writeNumberProperty("otherListenerDrops", observation.otherListenerDrops());
        SocketStat sockets = observation.sockets();
        to.writeObjectPropertyStart("sockets");
        to.writeNumberProperty("inuse", sockets.inuse());
        to.writeNumberProperty("inuse6", sockets.inuse6());
        to.writeNumberProperty("orphan", sockets.orphan());
        to.writeNumberProperty("timeWait", sockets.timeWait());
        to.writeNumberProperty("alloc", sockets.alloc());
        to.writeNumberProperty("memoryPages", sockets.memoryPages());
        to.writeEndObject();
        observation.states().ifPresent(states -> {
            to.writeObjectPropertyStart("states");
            to.writeNumberProperty("port", states.port());
            write(to, "server", states.server());
            write(to, "client", states.client());
            to.writeEndObject();
        });
        to.writeBooleanProperty("allStates", observation.allStates());
        to.writeObjectPropertyStart("counterDeltas");
        observation.counterDeltas().forEach(to::writeNumberProperty);
        to.writeEndObject();
        to.writeNumberProperty("costNanos", observation.costNanos());
    }

    private static void write(JsonGenerator to, String side, StateCounts counts) {
        to.writeObjectPropertyStart(side);
        to.writeBooleanProperty("exact", counts.exact());
        counts.asMap().forEach((state, count) -> to.writeNumberProperty(state.name(), count));
        to.writeEndObject();
    }

    static Observation read(Map<String, @Nullable Object> from) {
        Map<String, @Nullable Object> sockets = Json.object(from, "sockets");
        Map<String, @Nullable Object> states = Json.object(from, "states");
        Map<String, Long> deltas = new LinkedHashMap<>();
        Json.object(from, "counterDeltas").forEach((name, value) -> {
            if (value instanceof Number delta) {
                deltas.put(name, delta.longValue());
            }
        });
        return new Observation(
                Json.integer(from, "atNanos", 0),
                Json.integer(from, "wallMillis", 0),
                ListenerJson.read(from),
                Json.integer(from, "otherListenerDrops", -1),
                new SocketStat(
                        Json.integer(sockets, "inuse", 0),
                        Json.integer(sockets, "inuse6", 0),
                        Json.integer(sockets, "orphan", 0),
                        Json.integer(sockets, "timeWait", 0),
                        Json.integer(sockets, "alloc", 0),
                        Json.integer(sockets, "memoryPages", 0)),
                states.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new PortCounts(
                                Math.toIntExact(Json.integer(states, "port", 0)),
                                side(states, "server"),
                                side(states, "client"))),
                Boolean.TRUE.equals(from.get("allStates")),
                deltas,
                Json.integer(from, "costNanos", 0));
    }

    private static StateCounts side(Map<String, @Nullable Object> states, String name) {
        Map<String, @Nullable Object> from = Json.object(states, name);
        Map<TcpState, Integer> counts = new EnumMap<>(TcpState.class);
        for (TcpState state : TcpState.values()) {
            int count = Math.toIntExact(Json.integer(from, state.name(), 0));
            if (count > 0) {
                counts.put(state, count);
            }
        }
        return StateCounts.of(counts, Boolean.TRUE.equals(from.get("exact")));
    }
}
