package io.tcplab.loadgen.inspect;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.rounds.Where;
import io.tcplab.loadgen.run.BadUsage;
import io.tcplab.loadgen.run.ObservedPlace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is inspected, and where the result goes beside stdout.
 *
 * @param target the server; absent where one is started
 * @param server profile whose server is started for it; absent = none
 * @param sets {@code PATH=VALUE} for that profile
 * @param isolation where that runs
 * @param place the namespace of a server that is not started for it, as a witness; {@link ObservedPlace#HERE} for ours
 * @param pcap the pcapng file for what goes over the cable; absent = none
 * @param protocol {@code http}, {@code none} or {@code script:PROFILE}
 * @param path of requests
 * @param largePath of a response of some megabytes; absent = none
 * @param tls whether connections are secured by TLS
 * @param insecure whether every certificate is believed
 * @param checks ids; empty = all
 * @param patience how long a timeout of the server is waited for; absent = 30 s, with longRun 150 s
 * @param longRun whether timeouts are waited for long enough to call their absence a finding
 * @param mayTest hosts that the user answers for
 * @param reload command that reloads the server; absent = none
 * @param expect file of expectations; absent = none
 * @param writeExpect file to write them to; absent = none
 * @param markdown file of the Markdown report; absent = none
 * @param html file of the page; absent = none
 */
public record InspectRequest(
        @Nullable Endpoint target,
        @Nullable Path server,
        List<String> sets,
        Where isolation,
        ObservedPlace place,
        @Nullable Path pcap,
        String protocol,
        String path,
        @Nullable String largePath,
        boolean tls,
        boolean insecure,
        List<String> checks,
        @Nullable Duration patience,
        boolean longRun,
        List<String> mayTest,
        @Nullable String reload,
        @Nullable Path expect,
        @Nullable Path writeExpect,
        @Nullable Path markdown,
        @Nullable Path html) {

    private static final String SCRIPT = "script:";
    private static final Duration USUAL_PATIENCE = Duration.ofSeconds(30);
    private static final Duration LONG_PATIENCE = Duration.ofSeconds(150);

    public InspectRequest {
        if ((target == null) == (server == null)) {
            throw new BadUsage("Give the server to inspect, either HOST:PORT or --server PROFILE.");
        }
        if (server == null && isolation != Where.NONE) {
            throw new BadUsage("--isolate needs --server PROFILE: another server cannot be brought into a namespace.");
        }
        if (server == null && !sets.isEmpty()) {
            throw new BadUsage("--set needs --server PROFILE: it sets keys of that profile.");
        }
        if (server != null && !place.equals(ObservedPlace.HERE)) {
            throw new BadUsage("--pid, --netns and --container name a server that runs already; --server starts one.");
        }
        if (pcap != null && isolation != Where.NETNS) {
            throw new BadUsage(
                    "--pcap needs --server PROFILE --isolate netns: it captures what goes over tcplab's cable.");
        }
        if (insecure && !tls) {
            throw new BadUsage("--insecure needs --tls.");
        }
        if (!protocol.equals("http") && !protocol.equals("none") && !protocol.startsWith(SCRIPT)) {
            throw new BadUsage("--protocol is http, none or script:PROFILE, not " + protocol + ".");
        }
        if (largePath != null && !protocol.equals("http")) {
            throw new BadUsage("--large-path needs --protocol http: other protocols have no paths.");
        }
        for (String each : largePath == null ? List.of(path) : List.of(path, largePath)) {
            if (!each.startsWith("/") || each.chars().anyMatch(c -> c <= ' ' || c > '~')) {
                throw new BadUsage("A path must start with / and must not contain blanks or control characters.");
            }
        }
    }

    boolean http() {
        return protocol.equals("http");
    }

    /** The script of the profile that is named; absent where none is. */
    @Nullable
    ScriptTalk script() {
        return protocol.startsWith(SCRIPT)
                ? ScriptTalk.of(ProfileReader.read(Path.of(protocol.substring(SCRIPT.length())), List.of()))
                : null;
    }

    @Nullable
    TlsClient tlsClient(Endpoint asked) {
        return tls ? TlsClient.of(asked, http(), insecure) : null;
    }

    long patienceNanos() {
        Duration chosen = patience;
        return (chosen == null ? longRun ? LONG_PATIENCE : USUAL_PATIENCE : chosen).toNanos();
    }

    List<String> reloadCommand() {
        return reload == null ? List.of() : List.of("/bin/sh", "-c", reload);
    }
}
