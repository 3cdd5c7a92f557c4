package io.tcplab.loadgen.merge;

import io.tcplab.loadgen.result.FinishedRun;
import io.tcplab.loadgen.result.ResultsDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Reads the shards of a merge and makes sure that together they are one load, each of them once. */
final class Shards {

    private Shards() {}

    /** The shards by the time at which they began. Throws with a sentence that names the directory that does not fit. */
    static List<FinishedRun> read(List<Path> directories, Path into) throws IOException {
        if (directories.isEmpty()) {
            throw new IOException("there is nothing to merge");
        }
        List<FinishedRun> shards = new ArrayList<>();
        for (Path directory : directories) {
            FinishedRun shard = FinishedRun.withoutLatencies(directory);
            if (Files.isSameFile(directory, into)) {
                throw new IOException(directory + " cannot be merged into itself");
            }
            if (!Files.isRegularFile(log(shard))) {
                throw new IOException(directory + " has no " + ResultsDirectory.LATENCIES + ": it cannot be merged");
            }
            for (FinishedRun other : shards) {
                checkApart(other, shard);
            }
            shards.add(shard);
        }
        checkNames(shards);
        shards.sort(Comparator.comparing(shard -> shard.summary().startedAt()));
        return shards;
    }

    static Path log(FinishedRun shard) {
        return shard.directory().resolve(ResultsDirectory.LATENCIES);
    }

    /** Every connection counts once: neither one directory under two names, nor a copy, nor a merge with one of its own shards. */
    private static void checkApart(FinishedRun one, FinishedRun other) throws IOException {
        Path first = one.directory().toRealPath();
        Path second = other.directory().toRealPath();
        if (first.equals(second)) {
            throw new IOException(other.directory() + " was named twice: its connections would count twice");
        }
        if (first.startsWith(second) || second.startsWith(first)) {
            throw new IOException(other.directory() + " and " + one.directory()
                    + " lie in each other: a merged result already has its shards' connections");
        }
        // Of generators that have started nothing the results may be the same.
        if (one.summary().outcomes().started() > 0
                && one.summary().equals(other.summary())
                && Files.mismatch(log(one), log(other)) < 0) {
            throw new IOException(
                    other.directory() + " is a copy of " + one.directory() + ": its connections would count twice");
        }
    }

    private static void checkNames(List<FinishedRun> shards) throws IOException {
        String name = shards.getFirst().summary().profile();
        for (FinishedRun shard : shards) {
            if (!shard.summary().profile().equals(name)) {
                throw new IOException(
                        shard.directory() + " is a run of " + shard.summary().profile() + ", not of " + name
                                + ": only shards of one profile can be merged");
            }
        }
    }
}
