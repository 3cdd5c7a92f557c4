package io.tcplab.companion.control;

import io.tcplab.kernel.Printable;
import io.tcplab.kernel.Side;
import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.counters.SocketStat;
import io.tcplab.kernel.observe.Observation;
import io.tcplab.kernel.sockdiag.PortCounts;
import io.tcplab.kernel.sockdiag.StateCounts;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** An {@link Observation} as the properties of a JSON object, with states and counters by the kernel's names. */
final class ObservationJson {

    private static final Pattern COUNTER_NAME = Pattern.compile("[A-Za-z0-9]{1,32}(\\.[A-Za-z0-9]{1,64})?");

    /** In one state; the sum over all states is still an int. */
    private static final int MOST_SOCKETS = 100_000_000;

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
            write(to, Side.SERVER, states.server());
            write(to, Side.CLIENT, states.client());
            to.writeEndObject();
        });
        to.writeBooleanProperty("allStates", observation.allStates());
        to.writeObjectPropertyStart("counterDeltas");
        observation.counterDeltas().forEach(to::writeNumberProperty);
        to.writeEndObject();
        to.writeNumberProperty("costNanos", observation.costNanos());
    }

    private static void write(JsonGenerator to, Side side, StateCounts counts) {
        to.writeObjectPropertyStart(side.word());
        to.writeBooleanProperty("exact", counts.exact());
        counts.asMap().forEach((state, count) -> to.writeNumberProperty(state.name(), count));
        to.writeEndObject();
    }

    /** @throws IllegalArgumentException where a figure cannot be what a kernel says */
    static Observation read(Map<String, @Nullable Object> from) {
        Map<String, @Nullable Object> sockets = Json.object(from, "sockets");
        Map<String, @Nullable Object> states = Json.object(from, "states");
        return new Observation(
                Json.whole(from, "atNanos"),
                count(from, "wallMillis"),
                ListenerJson.read(from),
                Json.within(from, "otherListenerDrops", -1, Json.MOST),
                new SocketStat(
                        count(sockets, "inuse"),
                        count(sockets, "inuse6"),
                        count(sockets, "orphan"),
                        count(sockets, "timeWait"),
                        count(sockets, "alloc"),
                        count(sockets, "memoryPages")),
                states.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new PortCounts(
                                (int) Json.within(states, "port", 0, 65_535),
                                side(states, Side.SERVER),
                                side(states, Side.CLIENT))),
                Boolean.TRUE.equals(from.get("allStates")),
                deltas(Json.object(from, "counterDeltas")),
                count(from, "costNanos"));
    }

    private static long count(Map<String, @Nullable Object> from, String name) {
        return Json.within(from, name, 0, Json.MOST);
    }

    /** Only names that a kernel can have pass: they become cells of a table and words on a terminal. */
    private static Map<String, Long> deltas(Map<String, @Nullable Object> from) {
        Map<String, Long> deltas = new LinkedHashMap<>();
        for (String name : from.keySet()) {
            if (!COUNTER_NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("no counter has the name " + Printable.shortLine(name));
            }
            deltas.put(name, count(from, name));
        }
        return deltas;
    }

    private static StateCounts side(Map<String, @Nullable Object> states, Side side) {
        Map<String, @Nullable Object> from = Json.object(states, side.word());
        Map<TcpState, Integer> counts = new EnumMap<>(TcpState.class);
        for (TcpState state : TcpState.values()) {
            int count = (int) Json.within(from, state.name(), 0, MOST_SOCKETS);
            if (count > 0) {
                counts.put(state, count);
            }
        }
        return StateCounts.of(counts, Boolean.TRUE.equals(from.get("exact")));
    }
}
