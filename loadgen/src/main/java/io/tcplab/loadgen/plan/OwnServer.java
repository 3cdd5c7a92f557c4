package io.tcplab.loadgen.plan;

import io.tcplab.kernel.syscall.Signal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server of the user's that a run starts on the server's side, and ends.
 *
 * @param image of a container that it runs in with {@code --isolate docker}; absent = none
 * @param command program and arguments, or one text for {@code sh -c}; empty where the image has its own
 * @param shell whether it is such a text
 * @param port where it listens
 * @param ready how it is known that it serves
 * @param readyTimeoutNanos how long that may take
 * @param stop the signal that asks it to end
 * @param stopTimeoutNanos how long that may take before it is killed
 * @param environment added to ours
 * @param directory where it runs; absent = a fresh one, removed with the run
 */
public record OwnServer(
        @Nullable String image,
        List<String> command,
        boolean shell,
        int port,
        Ready ready,
        long readyTimeoutNanos,
        Signal stop,
        long stopTimeoutNanos,
        Map<String, String> environment,
        @Nullable String directory) {

    public OwnServer {
        command = List.copyOf(command);
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    }

    /** Program and arguments. */
    public List<String> argv() {
        return shell ? List.of("sh", "-c", command.getFirst()) : command;
    }

    /** The command in one line, for people. */
    public String line() {
        return command.isEmpty() ? "image " + image : String.join(" ", command);
    }

    /** How it is known that a server serves. */
    public sealed interface Ready {

        /** A socket listens on its port. The kernel is asked: no connection is made that the load did not make. */
        record Connect() implements Ready {}

        /** It prints a line with this text. */
        record Log(String text) implements Ready {}

        /** A GET of this path is answered with a status below 400. */
        record Http(String path) implements Ready {}
    }
}
