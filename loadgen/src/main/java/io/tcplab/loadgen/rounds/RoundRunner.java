package io.tcplab.loadgen.rounds;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.run.Isolation;
import io.tcplab.loadgen.run.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** Runs a profile once, in conditions of its own, into a directory below the comparison's. Any thread may interrupt. */
public final class RoundRunner {

    private static final String PRACTICE = ".practice";

    /** A file's name has at most 255 bytes (NAME_MAX, limits.h), and the command line of a cell may have more. */
    private static final int MOST_OF_NAME = 120;

    private final Path directory;
    private final RoundPlace place;

    /** Set by an interruption; volatile: the command's thread decides the exit code by it. */
    private volatile boolean interrupted;

    public RoundRunner(Path directory, RoundPlace place) {
        this.directory = directory;
        this.place = place;
    }

    /** Runs; the round's files go to {@code <directory>/<name>-<round>}. */
    public RunResult run(Profile profile, Isolation isolation, String name, int round) throws CannotRun {
        return place.run(profile, isolation, directory.resolve(fileName(name) + "-" + round));
    }

    /**
     * Runs a short plan whose result counts for nothing, so that the first round meets compiled code as the later ones do; its files are
     * removed.
     */
    public void practise(Profile profile, Isolation isolation) throws CannotRun {
        Path files = directory.resolve(PRACTICE);
        RunResult _ = place.run(profile, isolation, files);
        try (Stream<Path> all = Files.list(files)) {
            for (Path each : all.toList()) {
                Files.delete(each);
            }
            Files.delete(files);
        } catch (IOException e) {
            throw new CannotRun("The files of a practice round cannot be removed: " + e.getMessage(), e);
        }
    }

    /** Ends what runs, soon. */
    public void interrupt() {
        interrupted = true;
        place.interrupt();
    }

    /** Whether it was interrupted. */
    public boolean interrupted() {
        return interrupted;
    }

    /**
     * The name of a contender as its rounds' directories have it. Where characters are replaced or the name is too long, its hash follows,
     * so that similar names have directories of their own.
     */
    public static String fileName(String name) {
        String plain = name.replaceAll("[^A-Za-z0-9._=-]+", "_").replaceFirst("^[._]+", "");
        if (plain.length() <= MOST_OF_NAME && plain.equals(name.replace(' ', '_'))) {
            return plain;
        }
        return plain.substring(0, Math.min(plain.length(), MOST_OF_NAME))
                + String.format(Locale.ROOT, "_%08x", name.hashCode());
    }
}
