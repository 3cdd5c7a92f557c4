package io.tcplab.target.control;

/** Placeholder until the options are written. */
final class ServeCommand {
    private ServeCommand() {}

    static int run(String[] arguments) {
        return arguments.length == 0 ? 2 : 1;
    }
}
