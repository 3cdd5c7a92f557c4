package io.tcplab.loadgen.cli;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.plan.ProfileSets;
import io.tcplab.loadgen.run.BadUsage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that change a profile's keys; the same for every command that runs load. */
final class ProfileOptions {

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "Set any key of the profile, for example --set mix.short.weight=3; may be repeated.")
    private List<String> sets = new ArrayList<>();

    @Option(names = "--duration", paramLabel = "TIME", description = "Recorded time, for example 10s.")
    private @Nullable String duration;

    @Option(names = "--connections", paramLabel = "N", description = "End after this many connections.")
    private @Nullable String connections;

    @Option(names = "--rate", paramLabel = "RATE", description = "Use an open loop at this rate, for example 5000/s.")
    private @Nullable String rate;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            description = "Use a closed loop with this many connections at a time.")
    private @Nullable String concurrency;

    @Option(
            names = "--target",
            paramLabel = "HOST:PORT",
            description = "Send all load there: in place of the profile's targets, or instead of starting a companion.")
    private @Nullable String target;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of all random choices; the same seed repeats them.")
    private @Nullable String seed;

    /** The values of {@code --set}, as they were given. */
    List<String> sets() {
        return sets;
    }

    /** Whether the recorded time was given. */
    boolean hasDuration() {
        return duration != null;
    }

    /**
     * The target as it was given, where no profile is read; empty = none was.
     *
     * @throws BadUsage where another option changes a profile
     */
    List<Endpoint> targets() {
        if (!sets.isEmpty()
                || Stream.of(duration, connections, rate, concurrency, seed).anyMatch(Objects::nonNull)) {
            throw new BadUsage("Without a profile, only --target can be given: the other options change a profile.");
        }
        try {
            return target == null ? List.of() : List.of(Endpoint.parse(target));
        } catch (IllegalArgumentException e) {
            throw new BadUsage("--target: " + e.getMessage());
        }
    }

    /** Reads the profile with all these set; the later of two that touch one key wins. */
    Profile read(Path file) {
        return read(file, sets);
    }

    /** As {@link #read(Path)}, with these in place of those of {@code --set}. */
    Profile read(Path file, List<String> insteadOfSets) {
        return ProfileReader.read(file, all(insteadOfSets));
    }

    /** All that is wrong with the profile with all these set, one sentence each. */
    List<String> problems(Path file) {
        return ProfileReader.faults(file, all(sets));
    }

    private List<String> all(List<String> insteadOfSets) {
        if (rate != null && concurrency != null) {
            throw new BadUsage(
                    "--rate and --concurrency exclude one another: one sets an open loop, the other a closed one.");
        }
        List<String> all = new ArrayList<>();
        if (rate != null) {
            all.add(ProfileSets.rate(rate));
        }
        if (concurrency != null) {
            all.add(ProfileSets.concurrency(concurrency));
        }
        if (duration != null) {
            all.add(ProfileSets.duration(duration));
        }
        if (connections != null) {
            all.add(ProfileSets.connections(connections));
        }
        if (target != null) {
            all.add(ProfileSets.target(target));
        }
        if (seed != null) {
            all.add(ProfileSets.seed(seed));
        }
        all.addAll(insteadOfSets);
        return all;
    }
}
