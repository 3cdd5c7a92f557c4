package io.tcplab.loadgen.view;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A shell that waits for this process to end without a word, as by SIGKILL, and then gives the terminal back: its settings by stty(1),
 * and whatever else by what is written to it. It has a session of its own where setsid(1) is there, so that no signal from the terminal
 * and none to the process group ends it before.
 */
final class TerminalGuard implements AutoCloseable {

    /** $1 is written to the terminal. {@code read} fails when the other end of stdin is closed with nothing written to it. */
    private static final String WAIT = """
            trap '' INT HUP QUIT TERM TTOU
            exec 3>&1
            saved=$(stty -g <&3 2> /dev/null)
            echo ready >&2
            exec 2> /dev/null
            read -r _ || { printf %s "$1" >&3; stty "$saved" <&3; }
            """;

    private static final String START = """
            if command -v setsid > /dev/null 2>&1; then exec setsid sh -c "$1" tcplab-terminal "$2"; fi
            exec sh -c "$1" tcplab-terminal "$2"
            """;

    private final Process shell;

    private TerminalGuard(Process shell) {
        this.shell = shell;
    }

    /**
     * Starts it, before anything of the terminal is changed; null where there is no shell.
     *
     * @param leave is written to the terminal in order to give it back
     */
    static @Nullable TerminalGuard start(String leave) {
        try {
            Process shell = new ProcessBuilder(List.of("sh", "-c", START, "sh", WAIT, leave))
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .start();
            TerminalGuard guard = new TerminalGuard(shell);
            if (guard.isReady()) {
                return guard;
            }
            guard.close();
            return null;
        } catch (IOException _) {
            return null;
        }
    }

    /** It has read the terminal's settings once it says so; it ends without a word where it cannot run. */
    private boolean isReady() throws IOException {
        return shell.getErrorStream().read() >= 0;
    }

    /** The terminal has been given back. */
    @Override
    public void close() {
        try (OutputStream stdin = shell.getOutputStream()) {
            stdin.write('\n');
        } catch (IOException _) {
            // it has ended
        }
    }
}
