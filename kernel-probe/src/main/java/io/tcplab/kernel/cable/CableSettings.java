package io.tcplab.kernel.cable;

import io.tcplab.kernel.Side;
import java.util.List;

/**
 * What the cable does.
 *
 * @param fromClient to what the client sends
 * @param fromServer to what the server sends
 * @param lose what is lost by name
 */
public record CableSettings(PathSettings fromClient, PathSettings fromServer, List<NamedLoss> lose) {

    /** How many kinds of segments can be lost by name at once. */
    public static final int MOST_NAMED = 16;

    /** The same with a fault's: one that is there already counts once. */
    static final int MOST_NAMED_WITH_A_FAULT = MOST_NAMED + 1;

    /** A cable that only counts. */
    public static final CableSettings NOTHING =
            new CableSettings(PathSettings.NOTHING, PathSettings.NOTHING, List.of());

    public CableSettings {
        lose = List.copyOf(lose);
        if (lose.size() > MOST_NAMED_WITH_A_FAULT) {
            throw new IllegalArgumentException(
                    "at most " + MOST_NAMED_WITH_A_FAULT + " kinds of segments can be lost by name");
        }
    }

    /** What happens to what a side sends. */
    public PathSettings from(Side side) {
        return switch (side) {
            case CLIENT -> fromClient;
            case SERVER -> fromServer;
        };
    }
}
