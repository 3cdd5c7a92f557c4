package io.tcplab.loadgen.run;

import io.tcplab.kernel.Printable;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.result.NetworkFigures;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A profile's own server, started for something other than a load. It and its children are gone when it is closed. */
public interface StartedServer extends AutoCloseable {

    /** Where clients reach it. */
    InetSocketAddress address();

    /** The network namespace of its sockets; absent where it is the one in which {@link #inside} works. */
    @Nullable
    NetworkNamespace namespace();

    /** Whether it has a network namespace of its own. */
    boolean isolated();

    /** Does this where its clients are; threads that are started there are there too. */
    <T> T inside(Callable<T> work) throws CannotRun;

    /** Stops all of its processes: it accepts and answers nothing until {@link #thaw}. */
    void freeze();

    /** Lets them go on. */
    void thaw();

    /** Ends it as its profile says, and returns when it has ended. */
    void stop();

    /** Starts it once more. */
    void startAgain() throws CannotRun, IOException;

    /** A command that runs where it does: with its namespace, directory and environment, as far as it has them on this host. */
    ProcessBuilder beside(List<String> command) throws IOException;

    /** What it printed last. */
    List<String> lastLines();

    /** How a sentence about a server's end goes on: with the last of what it printed. */
    static String printed(List<String> lines) {
        List<String> last = lines.subList(Math.max(0, lines.size() - 5), lines.size());
        return last.isEmpty()
                ? " and printed nothing"
                : "; it printed: " + last.stream().map(Printable::line).collect(Collectors.joining(" / "));
    }

    /** What the network between it and its clients did so far; absent where none is played. */
    @Nullable
    NetworkFigures network() throws CannotRun;

    @Override
    void close();
}
