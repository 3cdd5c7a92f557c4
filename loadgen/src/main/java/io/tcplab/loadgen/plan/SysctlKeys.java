package io.tcplab.loadgen.plan;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The keys of {@code sysctls}: the sysctls of each side. */
final class SysctlKeys {

    /** The sysctls of both sides, by name. */
    record Sides(Map<String, String> client, Map<String, String> server) {}

    static final Sides NONE = new Sides(Map.of(), Map.of());

    /** Only {@code net.*} belongs to a network namespace. */
    private static final Shape<Map<String, String>> VALUES = new FreeKeys<>(
            Pattern.compile("net(\\.[A-Za-z0-9_-]{1,64}){1,8}"),
            "is not a sysctl that a run can set; only net.* are, such as net.ipv4.tcp_tw_reuse",
            (_, _) -> {},
            Shapes.text(Pattern.compile("[ -~]{1,256}"), "a value such as 1 or 32768 60999, on one line"));

    private static final Key<Sides, Map<String, String>> CLIENT =
            Key.of("client", VALUES, Map.of(), Sides::client, "sysctls of the client's side, by name");
    private static final Key<Sides, Map<String, String>> SERVER =
            Key.of("server", VALUES, Map.of(), Sides::server, "sysctls of the server's side, by name");

    static final Form<Sides> FORM =
            new Form<>(List.of(CLIENT, SERVER), given -> new Sides(given.of(CLIENT), given.of(SERVER)));

    private SysctlKeys() {}

    /** Returns what there is to write, or null. */
    static @Nullable Sides given(Map<String, String> client, Map<String, String> server) {
        return client.isEmpty() && server.isEmpty() ? null : new Sides(client, server);
    }
}
