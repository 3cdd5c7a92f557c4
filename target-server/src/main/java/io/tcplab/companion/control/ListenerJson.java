package io.tcplab.companion.control;

import io.tcplab.kernel.Printable;
import io.tcplab.kernel.host.SocketOwner;
import io.tcplab.kernel.observe.LimitSetBy;
import io.tcplab.kernel.observe.ObservedListener;
import io.tcplab.kernel.sockdiag.ListenerReading;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** The listeners of an observation as an array of JSON objects. */
final class ListenerJson {
    private ListenerJson() {}

    static void write(JsonGenerator to, List<ObservedListener> listeners) {
        to.writeArrayPropertyStart("listeners");
        listeners.forEach(each -> write(to, each));
        to.writeEndArray();
    }

    private static void write(JsonGenerator to, ObservedListener listener) {
        ListenerReading socket = listener.socket();
        to.writeStartObject();
        to.writeStringProperty("address", socket.address().getAddress().getHostAddress());
        to.writeNumberProperty("port", socket.port());
        to.writeBooleanProperty("v6Only", socket.v6Only());
        to.writeNumberProperty("queue", socket.acceptQueueLength());
        to.writeNumberProperty("limit", socket.acceptQueueLimit());
        to.writeNumberProperty("drops", socket.drops());
        to.writeNumberProperty("inode", socket.inode());
        listener.setBy().ifPresent(what -> to.writeStringProperty("setBy", what.id()));
        listener.owner().ifPresent(owner -> {
            to.writeNumberProperty("pid", owner.pid());
            to.writeStringProperty("program", owner.program());
            to.writeNumberProperty("processes", owner.processes());
            to.writeNumberProperty("stopped", owner.stopped());
            owner.descriptors().ifPresent(open -> to.writeNumberProperty("descriptors", open));
            owner.descriptorLimit().ifPresent(most -> to.writeNumberProperty("descriptorLimit", most));
        });
        to.writeEndObject();
    }

    /** The listeners of an observation; none where an older observer does not list them. */
    static List<ObservedListener> read(Map<String, @Nullable Object> observation) {
        List<ObservedListener> listeners = new ArrayList<>();
        for (Map<String, @Nullable Object> from : Json.objects(observation, "listeners")) {
            listeners.add(new ObservedListener(
                    new ListenerReading(
                            address(from),
                            Boolean.TRUE.equals(from.get("v6Only")),
                            Json.within(from, "queue", 0, Json.MOST),
                            knownOrNot(from, "limit"),
                            knownOrNot(from, "drops"),
                            Json.integer(from, "inode", 0)),
                    LimitSetBy.byId(Json.string(from, "setBy", "")),
                    owner(from)));
        }
        return listeners;
    }

    private static long knownOrNot(Map<String, @Nullable Object> from, String name) {
        return from.containsKey(name)
                ? Json.within(from, name, ListenerReading.UNKNOWN, Json.MOST)
                : ListenerReading.UNKNOWN;
    }

    /** Throws IllegalArgumentException for a text that is no address by number: a name is never looked up. */
    private static InetSocketAddress address(Map<String, @Nullable Object> from) {
        return new InetSocketAddress(
                InetAddress.ofLiteral(Json.string(from, "address", "")),
                Math.clamp(Json.integer(from, "port", 0), 0, 65_535));
    }

    private static Optional<SocketOwner> owner(Map<String, @Nullable Object> from) {
        if (!(from.get("pid") instanceof Number pid)) {
            return Optional.empty();
        }
        return Optional.of(new SocketOwner(
                pid.longValue(),
                Printable.shortLine(Json.string(from, "program", "")),
                Math.clamp(Json.integer(from, "processes", 1), 1, Integer.MAX_VALUE),
                Math.clamp(Json.integer(from, "stopped", 0), 0, Integer.MAX_VALUE),
                known(from, "descriptors"),
                known(from, "descriptorLimit")));
    }

    private static OptionalLong known(Map<String, @Nullable Object> from, String name) {
        return from.get(name) instanceof Number number ? OptionalLong.of(number.longValue()) : OptionalLong.empty();
    }
}
