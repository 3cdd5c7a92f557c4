package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.run.BadUsage;
import io.tcplab.loadgen.run.Output;
import io.tcplab.loadgen.view.LiveView;
import io.tcplab.loadgen.view.PipedView;
import io.tcplab.loadgen.view.PlainView;
import io.tcplab.loadgen.view.View;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** How a command is seen while it runs. */
final class ViewOptions {

    @Option(
            names = "--live",
            description = "Show the progress on the whole screen (the default on a terminal); ? lists the keys.")
    private boolean live;

    @Option(names = "--plain", description = "Print a line each second on stderr in place of the live view.")
    private boolean plain;

    /** The output of a command that writes no results directory. */
    Output output(CommandLine line, boolean json) {
        return new Output(line.getOut(), line.getErr(), Terminal.ink(), json, false, null, null, of(line, json, false));
    }

    /** Refuses to show anything beside an option that shows errors alone. */
    void refuseBeside(String quiet) {
        if (live || plain) {
            throw new BadUsage(quiet + " and " + (live ? "--live" : "--plain") + " exclude each other.");
        }
    }

    /**
     * The view of a command that prints a result at its end.
     *
     * @param silent whether nothing is seen before it unless an option asks for that
     * @param lines whether there is a line each second even where there is no terminal
     */
    View of(CommandLine line, boolean silent, boolean lines) {
        if (live && plain) {
            throw new BadUsage("--live and --plain exclude each other.");
        }
        if (live && !Terminal.isInteractive()) {
            throw new BadUsage("--live needs a terminal, and stdin or stdout is none: use --plain.");
        }
        if (silent && !live && !plain) {
            return PipedView.isAsked() ? PipedView.on(line.getOut()) : View.NONE;
        }
        boolean drawable = !"dumb".equals(System.getenv("TERM"));
        if (!plain && (live || Terminal.isInteractive()) && drawable) {
            String command = line.getCommandSpec().qualifiedName();
            return new LiveView(command, eachSecond -> new PlainView(line.getErr(), eachSecond));
        }
        return new PlainView(line.getErr(), plain || lines || Terminal.isInteractive());
    }
}
