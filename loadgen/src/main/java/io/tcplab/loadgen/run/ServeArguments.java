package io.tcplab.loadgen.run;

import io.tcplab.companion.CompanionSettings;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The words that make {@code tcplab serve} the companion that a profile asks for. */
public final class ServeArguments {

    private ServeArguments() {}

    /** {@code serve} and its options, bound to this address and port. */
    public static List<String> of(Profile profile, String host, int port) throws CannotRun {
        CompanionSettings settings = ChildCompanion.settings(profile, host);
        List<String> words = new ArrayList<>(List.of(
                "serve",
                "--host=" + host,
                "--port=" + port,
                "--backlog=" + settings.backlog(),
                "--accept-delay=" + settings.acceptDelayNanos() / 1_000 + "us",
                "--event-loops=" + settings.eventLoops(),
                "--protocol=" + settings.protocol().name().toLowerCase(Locale.ROOT),
                "--close-on-accept=" + settings.closeOnAccept(),
                "--observe-interval=" + settings.observeIntervalMillis()));
        if (settings.acceptPaused()) {
            words.add("--accept-paused");
        }
        if (!settings.nodelay()) {
            words.add("--no-nodelay");
        }
        if (settings.tls() != null) {
            words.add("--tls");
        }
        number("--receive-buffer", settings.receiveBufferBytes(), words);
        number("--send-buffer", settings.sendBufferBytes(), words);
        number("--defer-accept", settings.deferAcceptSeconds(), words);
        number("--fast-open", settings.fastOpenQueue(), words);
        return words;
    }

    private static void number(String option, int value, List<String> words) {
        if (value != 0) {
            words.add(option + "=" + value);
        }
    }
}
