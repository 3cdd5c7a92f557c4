package io.tcplab.loadgen.result;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the generator measured of its connections: keys of {@code summary.json}.
 *
 * @param rates connections and exchanges per second
 * @param outcomes how the connections ended
 * @param exchanges what became of the requests
 * @param causes distinct errors, once each
 * @param mixes the same by member of the mix
 * @param targets the same by target; empty where the profile does not name several
 * @param latencies of all members together
 * @param http the statuses of the responses; absent without any
 * @param tls what the handshakes of TLS came to; absent where the profile has no TLS
 * @param tcpInfo what the kernel knew of a sample of connections that closed; absent where none was asked about
 * @param held what became of connections that were to be held open; absent for other loads
 */
public record Measured(
        Summary.Rates rates,
        Outcomes outcomes,
        Exchanges exchanges,
        List<Summary.Cause> causes,
        List<Summary.Mix> mixes,
        List<TargetFigures> targets,
        Latencies latencies,
        Summary.@Nullable Http http,
        @Nullable TlsFigures tls,
        @Nullable TcpInfoFigures tcpInfo,
        Summary.@Nullable Held held) {

    public Measured {
        exchanges = exchanges == null ? Exchanges.NONE : exchanges;
        causes = List.copyOf(causes);
        mixes = List.copyOf(mixes);
        // A file of an earlier version has none.
        targets = targets == null ? List.of() : List.copyOf(targets);
    }
}
