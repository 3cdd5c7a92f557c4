package io.tcplab.loadgen.run;

import java.util.OptionalInt;

/**
 * The line on stdout by which a generator lets another process know that an action of its profile is due: the one beside the server does
 * it, where the generator has no access to the server, as from another container.
 */
public final class DueAction {

    /** A generator's JVM option that has it write such lines. */
    public static final String OPTION = "-Dtcplab.announceActions=true";

    private static final boolean ANNOUNCED = Boolean.getBoolean("tcplab.announceActions");
    private static final String BEGINNING = "tcplab: due: action ";

    private DueAction() {}

    /** Writes the line, where this process is asked to; {@code index} is the action's in its profile. */
    static void announce(int index) {
        if (ANNOUNCED) {
            System.out.println(BEGINNING + index);
            System.out.flush();
        }
    }

    /** The action that a line of such a generator says is due; empty for any other line. */
    public static OptionalInt in(String line) {
        return line.startsWith(BEGINNING)
                ? OptionalInt.of(
                        Integer.parseInt(line.substring(BEGINNING.length()).strip()))
                : OptionalInt.empty();
    }
}
