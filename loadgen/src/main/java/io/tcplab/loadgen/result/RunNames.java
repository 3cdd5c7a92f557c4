package io.tcplab.loadgen.result;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * What several results are called beside each other: by their directories' own names, and where two of these are alike, as in
 * {@code before/short} and {@code after/short}, by as much of the paths as tells them apart.
 */
public final class RunNames {

    private final List<Path> directories;
    private final int parts;

    private RunNames(List<Path> directories) {
        this.directories = directories;
        int longest = directories.stream().mapToInt(Path::getNameCount).max().orElse(1);
        int enough = 1;
        while (enough < longest && !tellsApart(enough)) {
            enough++;
        }
        this.parts = enough;
    }

    /** Of these directories; one that is among them twice has one name. */
    public static RunNames of(List<Path> directories) {
        return new RunNames(directories.stream().map(RunNames::whole).distinct().toList());
    }

    /** Of the directories of these runs. */
    public static RunNames ofRuns(List<FinishedRun> runs) {
        return of(runs.stream().map(FinishedRun::directory).toList());
    }

    private static Path whole(Path directory) {
        return directory.toAbsolutePath().normalize();
    }

    private boolean tellsApart(int number) {
        List<String> names = new ArrayList<>();
        directories.forEach(each -> names.add(end(each, number)));
        return new HashSet<>(names).size() == names.size();
    }

    private static String end(Path directory, int number) {
        int count = directory.getNameCount();
        return count == 0
                ? directory.toString()
                : directory.subpath(Math.max(0, count - number), count).toString();
    }

    /** The name of one of the directories. */
    public String of(Path directory) {
        return end(whole(directory), parts);
    }

    /** The name of a run in one of the directories. */
    public String of(FinishedRun run) {
        return of(run.directory());
    }
}
