package io.tcplab.loadgen.plan;

import io.tcplab.companion.AcceptSettings;
import java.util.List;
import java.util.stream.Stream;

/** The keys of {@code server}: how the companion that a run starts listens, accepts and serves, or what is started instead of it. */
final class ServerKeys {

    private static final int LONGEST_DEFER = 32_767;
    private static final int MOST_FAST_OPEN = 65_535;

    private static final AcceptSettings NONE = AcceptSettings.DEFAULTS;

    private static final Key<AcceptSettings, Integer> BACKLOG = Key.of(
            "backlog",
            Shapes.count(0, Integer.MAX_VALUE),
            NONE.backlog(),
            AcceptSettings::backlog,
            "the listen(2) argument; the accept queue's limit is the smaller of it and net.core.somaxconn");
    private static final Key<AcceptSettings, Long> ACCEPT_DELAY = Key.of(
            "acceptDelay",
            Shapes.nanos(0, Measure.LONGEST_NANOS),
            NONE.acceptDelayNanos(),
            AcceptSettings::acceptDelayNanos,
            "pause before each accept(2)");
    private static final Key<AcceptSettings, Boolean> ACCEPT_PAUSED = Key.of(
            "acceptPaused",
            Shapes.FLAG,
            NONE.acceptPaused(),
            AcceptSettings::acceptPaused,
            "never accept: connections stay in the accept queue");
    private static final Key<AcceptSettings, Integer> EVENT_LOOPS =
            SocketKeys.eventLoops(AcceptSettings::eventLoops, "number of event loops that serve accepted connections");
    private static final Key<AcceptSettings, Boolean> NODELAY = Key.of(
            "nodelay",
            Shapes.FLAG,
            NONE.nodelay(),
            AcceptSettings::nodelay,
            "TCP_NODELAY (tcp(7)) on accepted connections");
    private static final Key<AcceptSettings, Integer> RECEIVE_BUFFER =
            SocketKeys.receiveBuffer(AcceptSettings::receiveBufferBytes);
    private static final Key<AcceptSettings, Integer> SEND_BUFFER =
            SocketKeys.sendBuffer(AcceptSettings::sendBufferBytes);
    private static final Key<AcceptSettings, Integer> DEFER_ACCEPT = Key.of(
            "deferAccept",
            Shapes.seconds(0, LONGEST_DEFER),
            NONE.deferAcceptSeconds(),
            AcceptSettings::deferAcceptSeconds,
            "TCP_DEFER_ACCEPT (tcp(7)): accept only when the first bytes have arrived; 0 = unset");
    private static final Key<AcceptSettings, Integer> FAST_OPEN = Key.of(
            "fastOpen",
            Shapes.count(0, MOST_FAST_OPEN),
            NONE.fastOpenQueue(),
            AcceptSettings::fastOpenQueue,
            "TCP_FASTOPEN (tcp(7)): the length of its queue; 0 = unset");

    private static final List<Key<AcceptSettings, ?>> COMPANIONS = List.of(
            BACKLOG,
            ACCEPT_DELAY,
            ACCEPT_PAUSED,
            EVENT_LOOPS,
            NODELAY,
            RECEIVE_BUFFER,
            SEND_BUFFER,
            DEFER_ACCEPT,
            FAST_OPEN);

    static final Form<ServerOptions> FORM = new Form<>(
            Stream.concat(COMPANIONS.stream().map(ServerKeys::ofACompanion), OwnServerKeys.ALL.stream())
                    .toList(),
            ServerKeys::options);

    private ServerKeys() {}

    /** The same key in the section that it is of, where it is not written when no companion is started. */
    private static <T> Key<ServerOptions, T> ofACompanion(Key<AcceptSettings, T> key) {
        return new Key<>(
                key.name(),
                key.shape(),
                key.required(),
                key.otherwise(),
                options -> options.own() == null ? key.getter().apply(options.companion()) : null,
                key.sentence());
    }

    private static ServerOptions options(Given given) {
        OwnServer own = OwnServerKeys.isGiven(given) ? OwnServerKeys.read(given) : null;
        for (Key<?, ?> key : own == null ? OwnServerKeys.ALL : COMPANIONS) {
            Value without = given.place(key.name());
            if (without != null) {
                throw without.meaning(
                        own == null
                                ? "has no effect without server.command or server.image, the server of yours that it is about"
                                : "is a setting of the companion, which is not started where server.command or server.image is given;"
                                        + " remove it");
            }
        }
        return new ServerOptions(companion(given), own);
    }

    private static AcceptSettings companion(Given given) {
        return new AcceptSettings(
                given.of(BACKLOG),
                given.of(ACCEPT_DELAY),
                given.of(ACCEPT_PAUSED),
                given.of(EVENT_LOOPS),
                given.of(NODELAY),
                given.of(RECEIVE_BUFFER),
                given.of(SEND_BUFFER),
                given.of(DEFER_ACCEPT),
                given.of(FAST_OPEN));
    }
}
