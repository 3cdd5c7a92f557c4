package io.tcplab.loadgen.fleet;

import io.tcplab.kernel.Printable;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.run.BadUsage;
import java.util.Set;
import java.util.regex.Pattern;

/** What a group of generators may be called: its result goes into a directory of that name, below that of all. */
final class GroupName {

    /** Why a name is none, as a clause. */
    static final String RULE =
            "a group is named by at most 40 letters, digits, dots, dashes and underscores, begins with a letter or digit,"
                    + " and is not called as a file of the result";

    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,39}");

    /** What lies beside the directories of groups. */
    private static final Set<String> FILES = Set.of(ResultsDirectory.GROUPS, ResultsDirectory.REPORT);

    private GroupName() {}

    static boolean isAllowed(String name) {
        return ALLOWED.matcher(name).matches() && !FILES.contains(name);
    }

    /** Throws BadUsage where {@code name}, given by {@code option}, is none. */
    static void require(String option, String name) {
        if (!isAllowed(name)) {
            throw new BadUsage(option + " " + Printable.shortLine(name) + ": " + RULE + ".");
        }
    }
}
