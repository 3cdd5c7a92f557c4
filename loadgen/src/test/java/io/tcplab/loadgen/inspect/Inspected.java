package io.tcplab.loadgen.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.companion.misbehave.Misbehaviour;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.cli.CommandLineAccess;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The JSON of {@code tcplab inspect}, run by its command line in this process. */
record Inspected(int exitCode, JsonNode json) {

    /** Inspects with this patience and these options. */
    static Inspected of(InetSocketAddress server, Duration patience, String... options) {
        List<String> arguments = new ArrayList<>(
                List.of("inspect", Endpoint.text(server), "--json", "--patience", patience.toMillis() + "ms"));
        arguments.addAll(List.of(options));
        CommandLineAccess.Ran ran = CommandLineAccess.run(arguments);
        assertThat(ran.stdout()).as("stderr: %s", ran.stderr()).startsWith("{");
        return new Inspected(ran.exitCode(), JsonMapper.shared().readTree(ran.stdout()));
    }

    /** A server that is asked for / over plain HTTP, and is somebody's. */
    static Subject subject(InetSocketAddress server, Duration patience, boolean longRun) {
        return new Subject(
                Endpoint.parse(Endpoint.text(server)),
                server,
                true,
                null,
                "/",
                null,
                patience.toNanos(),
                longRun,
                null,
                null,
                List.of());
    }

    List<String> ids() {
        List<String> ids = new ArrayList<>();
        json.get("checks").forEach(each -> ids.add(each.get("id").asString()));
        return ids;
    }

    JsonNode check(String id) {
        for (JsonNode each : json.get("checks")) {
            if (each.get("id").asString().equals(id)) {
                return each;
            }
        }
        throw new AssertionError("no check " + id + " in " + ids());
    }

    String verdict(String id) {
        return check(id).get("verdict").asString();
    }

    String observed(String id) {
        return check(id).get("observed").asString();
    }

    double seconds(String id, String time) {
        return check(id).get("times").get(time).asDouble();
    }

    /** Verdicts by id. */
    TreeMap<String, String> verdicts() {
        TreeMap<String, String> verdicts = new TreeMap<>();
        ids().forEach(id -> verdicts.put(id, verdict(id)));
        return verdicts;
    }

    /** What is unusual or harmful, with its evidence, by id. */
    TreeMap<String, String> findings() {
        TreeMap<String, String> findings = new TreeMap<>();
        verdicts().forEach((id, verdict) -> {
            if (List.of("unusual", "harmful").contains(verdict)) {
                findings.put(id, verdict + ": " + check(id).get("sentence").asString());
            }
        });
        return findings;
    }

    /** It found what these kinds of {@code --misbehave}, joined by commas, are there for, and nothing else. */
    void assertFindingsOf(String kinds) {
        Set<String> expected =
                Misbehaviour.parse(kinds).stream().map(Misbehaviour::check).collect(Collectors.toSet());
        assertThat(findings().keySet()).as("%s gives %s", kinds, findings()).isEqualTo(expected);
    }
}
