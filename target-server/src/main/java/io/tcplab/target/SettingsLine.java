package io.tcplab.target;

import io.tcplab.target.protocol.CloseWish;
import java.util.LinkedHashMap;
import java.util.Map;

/** A companion's settings as facts of a {@link ControlLine}, there and back. */
final class SettingsLine {

    private static final String WORD = "settings";

    private SettingsLine() {}

    static ControlLine write(CompanionSettings settings) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("host", settings.host());
        facts.put("port", Integer.toString(settings.port()));
        facts.put("backlog", Integer.toString(settings.backlog()));
        facts.put("acceptDelayNanos", Long.toString(settings.acceptDelayNanos()));
        facts.put("acceptPaused", Boolean.toString(settings.acceptPaused()));
        facts.put("eventLoops", Integer.toString(settings.eventLoops()));
        facts.put("transport", settings.transport().name());
        facts.put("nodelay", Boolean.toString(settings.nodelay()));
        facts.put("receiveBufferBytes", Integer.toString(settings.receiveBufferBytes()));
        facts.put("sendBufferBytes", Integer.toString(settings.sendBufferBytes()));
        facts.put("deferAcceptSeconds", Integer.toString(settings.deferAcceptSeconds()));
        facts.put("fastOpenQueue", Integer.toString(settings.fastOpenQueue()));
        facts.put("protocol", settings.protocol().name());
        facts.put("closeOnAccept", settings.closeOnAccept().how().name());
        facts.put(
                "closeLingerSeconds", Integer.toString(settings.closeOnAccept().lingerSeconds()));
        facts.put("observeIntervalMillis", Integer.toString(settings.observeIntervalMillis()));
        return new ControlLine(WORD, facts);
    }

    static CompanionSettings read(ControlLine line) {
        return new CompanionSettings(
                line.fact("host"),
                number(line, "port"),
                number(line, "backlog"),
                Long.parseLong(line.fact("acceptDelayNanos")),
                Boolean.parseBoolean(line.fact("acceptPaused")),
                number(line, "eventLoops"),
                Transport.valueOf(line.fact("transport")),
                Boolean.parseBoolean(line.fact("nodelay")),
                number(line, "receiveBufferBytes"),
                number(line, "sendBufferBytes"),
                number(line, "deferAcceptSeconds"),
                number(line, "fastOpenQueue"),
                ServedProtocol.valueOf(line.fact("protocol")),
                new CloseOnAccept(CloseWish.valueOf(line.fact("closeOnAccept")), number(line, "closeLingerSeconds")),
                number(line, "observeIntervalMillis"));
    }

    private static int number(ControlLine line, String key) {
        return Integer.parseInt(line.fact(key));
    }
}
