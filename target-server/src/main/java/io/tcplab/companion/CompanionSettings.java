package io.tcplab.companion;

import org.jspecify.annotations.Nullable;

/**
 * How a companion listens, accepts and answers; checked once, before anything is opened.
 *
 * @param host address or name to bind; loopback unless the user says otherwise
 * @param port port to bind, 0 = the first free one of 9000 … 9099: never an ephemeral port, which the generator would miss
 * @param accepting how it listens and accepts
 * @param protocol what is spoken
 * @param closeOnAccept what happens after accept(2), only used by {@link ServedProtocol#NONE}
 * @param tls how connections are secured; absent = not
 * @param observeIntervalMillis time between kernel observations, 0 = none are made
 */
public record CompanionSettings(
        String host,
        int port,
        AcceptSettings accepting,
        ServedProtocol protocol,
        CloseOnAccept closeOnAccept,
        @Nullable ServedTls tls,
        int observeIntervalMillis) {

    public static final int FIRST_PORT = 9000;
    public static final int LAST_PORT = 9099;

    public static final CompanionSettings DEFAULTS = new CompanionSettings(
            "127.0.0.1", 0, AcceptSettings.DEFAULTS, ServedProtocol.TCPLAB, CloseOnAccept.NONE, null, 100);

    public CompanionSettings {
        AcceptSettings.within("port", port, 0, 65_535);
        AcceptSettings.within("observe interval in ms", observeIntervalMillis, 0, 60_000);
        if (protocol != ServedProtocol.NONE && !closeOnAccept.equals(CloseOnAccept.NONE)) {
            throw new IllegalArgumentException("close on accept needs the protocol none, which says nothing");
        }
    }
}
