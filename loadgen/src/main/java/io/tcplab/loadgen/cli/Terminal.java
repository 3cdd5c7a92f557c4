package io.tcplab.loadgen.cli;

import java.io.Console;
import java.util.Optional;

/** Whether somebody looks at a terminal. */
final class Terminal {

    private Terminal() {}

    /** Whether both stdin and stdout are a terminal. */
    static boolean isInteractive() {
        Console console = System.console();
        return Optional.ofNullable(console).filter(Console::isTerminal).isPresent();
    }
}
