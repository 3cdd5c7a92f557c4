package io.tcplab.loadgen.plan;

import io.tcplab.companion.AcceptSettings;
import org.jspecify.annotations.Nullable;

/**
 * The server that a run starts: a companion, or a server of the user's.
 *
 * @param companion the companion's settings; they have no effect beside {@code own}
 * @param own a server of the user's that is started instead of a companion; absent = a companion is
 */
public record ServerOptions(
        AcceptSettings companion, @Nullable OwnServer own) {

    public static final ServerOptions DEFAULTS = new ServerOptions(AcceptSettings.DEFAULTS, null);
}
