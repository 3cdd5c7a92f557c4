package io.tcplab.loadgen.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tcplab.kernel.Side;
import io.tcplab.loadgen.watch.SideSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Where a run took place: {@code environment.json}.
 *
 * @param tcplab version of this program
 * @param kernel release of the generator's kernel (uname(2))
 * @param cpu model of the generator's processor
 * @param cpus how many the generator may use
 * @param jdk version and vendor of the generator's JDK
 * @param netty version of Netty
 * @param transport what served the connections: {@code epoll} or {@code io_uring}
 * @param transportReason why; absent in results of versions that had only one
 * @param tls what secured the connections: {@code BoringSSL}, or {@code JDK} where it is absent; absent without TLS
 * @param isolation {@code none}, {@code netns} or {@code docker}
 * @param client the generator's side
 * @param server the target's side; absent when it was not observed
 * @param shards the environments of the runs that were merged into this one; empty for a run
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Environment(
        String tcplab,
        String kernel,
        String cpu,
        int cpus,
        String jdk,
        String netty,
        String transport,
        @Nullable String transportReason,
        @Nullable String tls,
        String isolation,
        SideSettings client,
        @Nullable SideSettings server,
        List<Environment> shards) {

    public Environment {
        shards = shards == null ? List.of() : List.copyOf(shards);
    }

    /** The runs that this environment stands for: itself, or the shards that were merged. */
    List<Environment> runs() {
        return shards.isEmpty() ? List.of(this) : shards;
    }

    /** The settings of {@code side}; absent where it was not observed. */
    public @Nullable SideSettings of(Side side) {
        return switch (side) {
            case CLIENT -> client;
            case SERVER -> server;
        };
    }

    /** Whether both sides were seen in one network namespace of one host, so that its counters hold both sides' events. */
    public boolean sidesShareOneNamespace() {
        return server != null && client.isOf(server);
    }

    /** The environment of a merge: the first one's, with every run's below. */
    public static Environment merged(List<Environment> parts) {
        Environment first = parts.getFirst();
        List<Environment> runs = new ArrayList<>();
        parts.forEach(part -> runs.addAll(part.runs()));
        return new Environment(
                first.tcplab,
                first.kernel,
                first.cpu,
                first.cpus,
                first.jdk,
                first.netty,
                first.transport,
                first.transportReason,
                first.tls,
                first.isolation,
                first.client,
                first.server,
                runs);
    }

    /** The text of {@code environment.json}. */
    public String toJson() {
        return JsonText.MAPPER.writeValueAsString(this) + "\n";
    }

    /** Reads an {@code environment.json}; throws when it is not one, and says so. */
    public static Environment read(Path file) throws IOException {
        try {
            Environment environment = JsonText.MAPPER.readValue(Files.readString(file), Environment.class);
            if (environment == null || environment.runs().stream().anyMatch(Environment::lacksKey)) {
                throw new IOException(file + " is not a tcplab environment: keys are missing");
            }
            return environment;
        } catch (JacksonException e) {
            throw new IOException(file + " is not a tcplab environment: " + e.getOriginalMessage(), e);
        }
    }

    /** Whether a key is missing that no version has left out: Jackson reads it as null. */
    private static boolean lacksKey(Environment one) {
        return Stream.of(one.tcplab, one.kernel, one.cpu, one.jdk, one.netty, one.transport, one.isolation, one.client)
                .anyMatch(Objects::isNull);
    }
}
