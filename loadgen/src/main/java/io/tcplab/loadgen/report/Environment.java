package io.tcplab.loadgen.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * @param transport what served the connections: {@code epoll}
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
        String isolation,
        Side client,
        @Nullable Side server,
        List<Environment> shards) {

    public Environment {
        shards = shards == null ? List.of() : List.copyOf(shards);
    }

    /**
     * One side's namespace and settings.
     *
     * @param host boot id or name of the host: an inode is unique on one host only
     * @param networkNamespace inode of its network namespace (namespaces(7)); absent when unknown
     * @param facts anything else worth knowing, in the order in which it is shown
     * @param sysctls as read back, by key
     * @param limits for example {@code openFiles}, {@code localPorts}
     */
    public record Side(
            @Nullable String host,
            @Nullable Long networkNamespace,
            Map<String, String> facts,
            Map<String, String> sysctls,
            Map<String, String> limits) {

        public Side {
            facts = ordered(facts);
            sysctls = ordered(sysctls);
            limits = ordered(limits);
        }

        private static Map<String, String> ordered(@Nullable Map<String, String> map) {
            return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
        }
    }

    /** The runs that this environment stands for: itself, or the shards that were merged. */
    List<Environment> runs() {
        return shards.isEmpty() ? List.of(this) : shards;
    }

    /** The environment of a merge: the first one's, with every run's below. */
    static Environment merged(List<Environment> parts) {
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
                first.isolation,
                first.client,
                first.server,
                runs);
    }

    /** The text of {@code environment.json}. */
    public String toJson() {
        return SummaryJson.MAPPER.writeValueAsString(this) + "\n";
    }

    /** Reads an {@code environment.json}; throws when it is not one, and says so. */
    public static Environment read(Path file) throws IOException {
        try {
            return SummaryJson.MAPPER.readValue(Files.readString(file), Environment.class);
        } catch (JacksonException e) {
            throw new IOException(file + " is not a tcplab environment: " + e.getOriginalMessage(), e);
        }
    }
}
