package io.tcplab.companion.control;

import io.tcplab.companion.AcceptSettings;
import io.tcplab.companion.CloseOnAccept;
import io.tcplab.companion.CompanionSettings;
import io.tcplab.companion.ServedProtocol;
import io.tcplab.companion.ServedTls;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** {@link CompanionSettings} as one JSON object: how a run that starts a companion hands them over. */
public final class SettingsJson {

    private SettingsJson() {}

    /** One line, which {@link #read} reads as the same settings. */
    public static String write(CompanionSettings settings) {
        return Json.object(to -> {
            to.writeStringProperty("host", settings.host());
            to.writeNumberProperty("port", settings.port());
            write(to, settings.accepting());
            to.writeStringProperty("protocol", settings.protocol().name());
            to.writeStringProperty("closeOnAccept", settings.closeOnAccept().toString());
            ServedTls tls = settings.tls();
            if (tls != null) {
                to.writeBooleanProperty("tls", true);
                if (tls.certificate() != null && tls.key() != null) {
                    to.writeStringProperty("tlsCertificate", tls.certificate());
                    to.writeStringProperty("tlsKey", tls.key());
                }
            }
            to.writeNumberProperty("observeIntervalMillis", settings.observeIntervalMillis());
        });
    }

    private static void write(JsonGenerator to, AcceptSettings accepting) {
        to.writeNumberProperty("backlog", accepting.backlog());
        to.writeNumberProperty("acceptDelayNanos", accepting.acceptDelayNanos());
        to.writeBooleanProperty("acceptPaused", accepting.acceptPaused());
        to.writeNumberProperty("eventLoops", accepting.eventLoops());
        to.writeBooleanProperty("nodelay", accepting.nodelay());
        to.writeNumberProperty("receiveBufferBytes", accepting.receiveBufferBytes());
        to.writeNumberProperty("sendBufferBytes", accepting.sendBufferBytes());
        to.writeNumberProperty("deferAcceptSeconds", accepting.deferAcceptSeconds());
        to.writeNumberProperty("fastOpenQueue", accepting.fastOpenQueue());
    }

    /**
     * The settings; {@link CompanionSettings#DEFAULTS} where a key is absent.
     *
     * @throws IllegalArgumentException where a value is not allowed
     */
    public static CompanionSettings read(String text) {
        Map<String, @Nullable Object> from = Json.parse(text);
        CompanionSettings defaults = CompanionSettings.DEFAULTS;
        return new CompanionSettings(
                Json.string(from, "host", defaults.host()),
                integer(from, "port", defaults.port()),
                accepting(from),
                ServedProtocol.valueOf(
                        Json.string(from, "protocol", defaults.protocol().name())),
                CloseOnAccept.parse(Json.string(
                        from, "closeOnAccept", defaults.closeOnAccept().toString())),
                tls(from),
                integer(from, "observeIntervalMillis", defaults.observeIntervalMillis()));
    }

    private static AcceptSettings accepting(Map<String, @Nullable Object> from) {
        AcceptSettings defaults = AcceptSettings.DEFAULTS;
        return new AcceptSettings(
                integer(from, "backlog", defaults.backlog()),
                Json.integer(from, "acceptDelayNanos", defaults.acceptDelayNanos()),
                Boolean.TRUE.equals(from.get("acceptPaused")),
                integer(from, "eventLoops", defaults.eventLoops()),
                !Boolean.FALSE.equals(from.get("nodelay")),
                integer(from, "receiveBufferBytes", defaults.receiveBufferBytes()),
                integer(from, "sendBufferBytes", defaults.sendBufferBytes()),
                integer(from, "deferAcceptSeconds", defaults.deferAcceptSeconds()),
                integer(from, "fastOpenQueue", defaults.fastOpenQueue()));
    }

    private static @Nullable ServedTls tls(Map<String, @Nullable Object> from) {
        return Boolean.TRUE.equals(from.get("tls"))
                ? new ServedTls(path(from, "tlsCertificate"), path(from, "tlsKey"))
                : null;
    }

    private static @Nullable String path(Map<String, @Nullable Object> from, String name) {
        return from.get(name) instanceof String path ? path : null;
    }

    private static int integer(Map<String, @Nullable Object> from, String name, int fallback) {
        return Math.toIntExact(Json.integer(from, name, fallback));
    }
}
