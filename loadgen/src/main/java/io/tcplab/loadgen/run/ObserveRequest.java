package io.tcplab.loadgen.run;

import io.tcplab.kernel.host.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to observe.
 *
 * @param place whose network namespace
 * @param ports the server's, at least one
 * @param forNanos how long; {@link Long#MAX_VALUE} = until a signal
 * @param interval between observations
 * @param timeline where the timeline goes, absent = nowhere; that of each of several ports has its number in its name
 * @param control where observations are served, absent = nowhere
 * @param tokenFile has the token that the control endpoint asks for, absent = none
 * @param token that token itself, absent = in the file or none
 */
public record ObserveRequest(
        ObservedPlace place,
        List<Integer> ports,
        long forNanos,
        Duration interval,
        @Nullable Path timeline,
        @Nullable Endpoint control,
        @Nullable Path tokenFile,
        @Nullable String token) {

    private static final int MOST_PORTS = 32;

    public ObserveRequest {
        ports = ports.stream().distinct().toList();
        if (ports.isEmpty() || ports.stream().anyMatch(port -> port < 1 || port > 65_535) || interval.toMillis() < 1) {
            throw new BadUsage("--port must be from 1 to 65535, and --interval at least 1ms.");
        }
        if (tokenFile != null && token != null) {
            throw new BadUsage("--token-file and --token exclude one another.");
        }
        if (control == null && (tokenFile != null || token != null)) {
            throw new BadUsage("--token-file and --token need --control HOST:PORT, the endpoint that requires it.");
        }
        if (ports.size() > MOST_PORTS) {
            throw new BadUsage(
                    "--port takes at most " + MOST_PORTS + " ports: each is observed by a thread of its own.");
        }
        if (ports.size() > 1 && control != null) {
            throw new BadUsage("--control serves the observations of one port, which 'tcplab run --observe' asks for:"
                    + " start an observer for each port.");
        }
    }

    @Nullable
    Path timelineOf(int port) {
        Path one = timeline;
        if (one == null || ports.size() == 1) {
            return one == null ? null : one.toAbsolutePath();
        }
        String name = String.valueOf(one.getFileName());
        int dot = name.lastIndexOf('.');
        String stem = dot <= 0 ? name : name.substring(0, dot);
        return one.toAbsolutePath().resolveSibling(stem + "-" + port + (dot <= 0 ? "" : name.substring(dot)));
    }
}
