package io.tcplab.loadgen.run;

import io.tcplab.kernel.ProcFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where podman, which needs no daemon, keeps its containers: their names in {@code overlay-containers/containers.json} of the storage
 * (containers-storage.conf(5), graphroot), those of {@code podman run --rm} in {@code volatile-containers.json} beside it, or below the
 * run root where the storage is transient; and the id of the first process of each that runs below the run root, as conmon writes it.
 *
 * @param kept graphroot
 * @param running runroot
 */
record PodmanStorage(Path kept, Path running) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int SHORTEST_ID = 6;
    private static final String VOLATILE = "volatile-containers.json";
    private static final int UID_FIELD = 2;
    private static final int HOME_FIELD = 5;

    /** The variable by which sudo(8) names who called it. */
    static final String SUDO_UID = "SUDO_UID";

    /** One for each storage driver. */
    private static final List<String> DIRECTORIES =
            List.of("overlay-containers", "vfs-containers", "btrfs-containers", "zfs-containers");

    /** Those of the root user, of this one, and of the one who became root by sudo(8) that are there; {@code users} is passwd(5). */
    static List<PodmanStorage> ofThisHost(Map<String, String> environment, Path users) {
        List<PodmanStorage> all = new ArrayList<>();
        all.add(new PodmanStorage(Path.of("/var/lib/containers/storage"), Path.of("/run/containers/storage")));
        String home = environment.get("HOME");
        String own = environment.get("XDG_RUNTIME_DIR");
        if (home != null && own != null) {
            all.add(ofUser(home, Path.of(own)));
        }
        String caller = environment.get(SUDO_UID);
        if (caller != null) {
            homeOf(caller, users).map(of -> ofUser(of, runtimeOf(caller))).ifPresent(all::add);
        }
        return all.stream().filter(PodmanStorage::isThere).toList();
    }

    private static PodmanStorage ofUser(String home, Path runtime) {
        return new PodmanStorage(
                Path.of(home, ".local", "share", "containers", "storage"), runtime.resolve("containers"));
    }

    /** A user's XDG_RUNTIME_DIR, as pam_systemd(8) makes it. */
    static Path runtimeOf(String uid) {
        return Path.of("/run/user", uid);
    }

    private static Optional<String> homeOf(String uid, Path users) {
        return ProcFile.linesIfPresent(users).stream()
                .flatMap(List::stream)
                .map(line -> line.split(":"))
                .filter(fields -> fields.length > HOME_FIELD && fields[UID_FIELD].equals(uid))
                .map(fields -> fields[HOME_FIELD])
                .findFirst();
    }

    private boolean isThere() {
        return DIRECTORIES.stream().flatMap(this::listsIn).anyMatch(Files::isReadable);
    }

    private Stream<Path> listsIn(String directory) {
        return Stream.of(
                kept.resolve(directory).resolve("containers.json"),
                kept.resolve(directory).resolve(VOLATILE),
                running.resolve(directory).resolve(VOLATILE));
    }

    /** The first process of a container that runs, by its name or the beginning of its id. */
    OptionalLong pidOf(String container) {
        return DIRECTORIES.stream()
                .flatMap(directory -> listsIn(directory)
                        .filter(Files::isReadable)
                        .flatMapToLong(list -> pidOf(container, list, running.resolve(directory)).stream())
                        .boxed())
                .mapToLong(Long::longValue)
                .findFirst();
    }

    private static OptionalLong pidOf(String container, Path list, Path running) {
        try {
            String id = idIn(JSON.readTree(Files.readString(list)), container);
            if (id != null) {
                Path pidFile = running.resolve(id).resolve("userdata").resolve("pidfile");
                long pid = Long.parseLong(Files.readString(pidFile).strip());
                return ProcessHandle.of(pid).isPresent() ? OptionalLong.of(pid) : OptionalLong.empty();
            }
        } catch (IOException | JacksonException | NumberFormatException _) {
            // It does not run, or podman is writing: another list may have it.
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
