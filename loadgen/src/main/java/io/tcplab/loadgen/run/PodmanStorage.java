package io.tcplab.loadgen.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where podman, which needs no daemon, keeps its containers: their names in {@code overlay-containers/containers.json} of the storage
 * (containers-storage.conf(5), graphroot), and the id of the first process of each that runs below the run root, as conmon writes it.
 *
 * @param kept graphroot
 * @param running runroot
 */
record PodmanStorage(Path kept, Path running) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int SHORTEST_ID = 6;

    /** One for each storage driver. */
    private static final List<String> DIRECTORIES =
            List.of("overlay-containers", "vfs-containers", "btrfs-containers", "zfs-containers");

    /** Those of the root user and of this one that are there. */
    static List<PodmanStorage> ofThisHost(Map<String, String> environment) {
        List<PodmanStorage> all = new ArrayList<>();
        all.add(new PodmanStorage(Path.of("/var/lib/containers/storage"), Path.of("/run/containers/storage")));
        String home = environment.get("HOME");
        String own = environment.get("XDG_RUNTIME_DIR");
        if (home != null && own != null) {
            all.add(new PodmanStorage(
                    Path.of(home, ".local", "share", "containers", "storage"), Path.of(own, "containers")));
        }
        return all.stream().filter(PodmanStorage::isThere).toList();
    }

    private boolean isThere() {
        return DIRECTORIES.stream().anyMatch(each -> Files.isReadable(listIn(each)));
    }

    private Path listIn(String directory) {
        return kept.resolve(directory).resolve("containers.json");
    }

    /** The first process of a container that runs, by its name or the beginning of its id. */
    OptionalLong pidOf(String container) {
        for (String directory : DIRECTORIES) {
            Path list = listIn(directory);
            try {
                String id = Files.isReadable(list) ? idIn(JSON.readTree(Files.readString(list)), container) : null;
                if (id != null) {
                    Path pidFile = running.resolve(directory)
                            .resolve(id)
                            .resolve("userdata")
                            .resolve("pidfile");
                    long pid = Long.parseLong(Files.readString(pidFile).strip());
                    return ProcessHandle.of(pid).isPresent() ? OptionalLong.of(pid) : OptionalLong.empty();
                }
            } catch (IOException | JacksonException | NumberFormatException _) {
                // It does not run, or podman is writing: another storage may have it.
            }
        }
        return OptionalLong.empty();
    }

    private static @Nullable String idIn(JsonNode containers, String asked) {
        return StreamSupport.stream(containers.spliterator(), false)
                .filter(each -> isNamed(each, asked))
                .map(each -> each.path("id").asString(""))
                .findFirst()
                .orElse(null);
    }

    private static boolean isNamed(JsonNode container, String asked) {
        return container
                        .path("names")
                        .valueStream()
                        .anyMatch(name -> name.asString("").equals(asked))
                || (asked.length() >= SHORTEST_ID
                        && container.path("id").asString("").startsWith(asked));
    }

    @Override
    public String toString() {
        return "podman's " + kept;
    }
}
