package io.tcplab.loadgen.plan;

import io.tcplab.kernel.host.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * One kind of connection in the mix.
 *
 * @param name unique in the profile; it tags this member's latencies as {@code <name>.<metric>}
 * @param weight its share of the connections, relative to the other members' weights; above 0
 * @param exchanges requests per connection; 0 with {@link Protocol.None}
 * @param requestBytes size of each request, the frame's header included
 * @param responseBytes size of each response
 * @param thinkNanos pause between a response and the next request
 * @param lifetimeNanos when set, the connection closes at the first exchange boundary after this age, even if exchanges are left
 * @param reconnect whether the exchanges that an announced close of the peer leaves go on in a new connection
 * @param close how it ends
 * @param protocol what it speaks in place of the profile's protocol; absent = that one
 * @param target where its connections go in place of the profile's target or targets; absent = to these
 */
public record MixMember(
        String name,
        double weight,
        Quantity exchanges,
        Quantity requestBytes,
        Quantity responseBytes,
        Quantity thinkNanos,
        @Nullable Quantity lifetimeNanos,
        boolean reconnect,
        Close close,
        @Nullable Protocol protocol,
        @Nullable Endpoint target) {}
