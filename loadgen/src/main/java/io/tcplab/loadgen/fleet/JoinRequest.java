package io.tcplab.loadgen.fleet;

import io.tcplab.kernel.host.Endpoint;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a generator is asked for.
 *
 * @param lead where its lead listens, or will
 * @param token what both have to know
 * @param group which generators it belongs to; absent = all that name none
 * @param patience how long it tries to reach a lead
 */
public record JoinRequest(
        Endpoint lead, Token token, @Nullable String group, Duration patience) {

    public JoinRequest {
        if (group != null && !group.isEmpty()) {
            GroupName.require("--as", group);
        }
    }
}
