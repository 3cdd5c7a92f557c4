package io.tcplab.loadgen.rounds;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.host.Sysctl;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.result.JsonText;
import io.tcplab.loadgen.run.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What a network namespace has before anything is set in it; a key that it lacks is absent on this kernel. */
public final class FreshNamespace {

    private FreshNamespace() {}

    /** Reads these sysctls in a namespace made for it; absent ones have no entry. */
    public static Map<String, String> sysctls(Collection<String> keys) throws CannotRun {
        try (NetworkNamespace namespace = NetworkNamespace.create("defaults")) {
            return namespace.call(() -> {
                Map<String, String> values = new HashMap<>();
                keys.forEach(key -> Sysctl.read(key).ifPresent(value -> values.put(key, value)));
                return values;
            });
        } catch (IOException | IllegalArgumentException e) {
            throw new CannotRun("The sysctls cannot be read: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new CannotRun("The sysctls cannot be read in a namespace: " + e.getMessage(), e);
        }
    }

    /** The sysctls and the limits that a round's own environment read back on one side, by key. */
    public static Map<String, String> readBack(RunResult round, Side side) {
        try {
            JsonNode tree =
                    JsonText.MAPPER.readTree(Files.readString(round.directory().resolve("environment.json")));
            Map<String, String> values = new HashMap<>();
            for (String part : List.of("sysctls", "limits")) {
                JsonNode given = tree.path(side.word()).path(part);
                given.propertyNames()
                        .forEach(key -> values.put(key, given.path(key).asString()));
            }
            return values;
        } catch (IOException | JacksonException _) {
            return Map.of(); // the round's directory is the user's: whoever takes a file away only loses the read-back
        }
    }
}
