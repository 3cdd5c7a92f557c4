package io.tcplab.loadgen.plan;

import io.tcplab.kernel.syscall.Signal;
import java.util.List;

/**
 * Something that is done during the load, whose effect on connections is counted.
 *
 * @param atNanos since the recorded part began
 * @param deed what
 */
public record Action(long atNanos, Deed deed) {

    /** What is done. */
    public sealed interface Deed {

        /** In a few words. */
        String inWords();

        /** Whether it is about a server that the run started. */
        default boolean needsServer() {
            return true;
        }
    }

    /**
     * A command is run beside the server, where the run started one, and here otherwise.
     *
     * @param command program and arguments, or one text for {@code sh -c}
     * @param shell whether it is such a text
     */
    public record Run(List<String> command, boolean shell) implements Deed {
        public Run {
            command = List.copyOf(command);
        }

        /** Program and arguments. */
        public List<String> argv() {
            return shell ? List.of("sh", "-c", command.getFirst()) : command;
        }

        @Override
        public String inWords() {
            return "run " + String.join(" ", command).lines().findFirst().orElse("");
        }

        @Override
        public boolean needsServer() {
            return false;
        }
    }

    /** A signal to the server; SIGSTOP and SIGCONT go to all of its processes, others to the first. */
    public record Send(Signal signal) implements Deed {
        @Override
        public String inWords() {
            return "signal " + signal.fullName();
        }
    }

    /**
     * Nothing is done: what becomes of the connections from this moment on is counted as after any other action.
     *
     * @param label what it is a mark of
     */
    public record Moment(String label) implements Deed {
        @Override
        public String inWords() {
            return "mark " + label.lines().findFirst().orElse("");
        }

        @Override
        public boolean needsServer() {
            return false;
        }
    }

    /** The server is ended, as after the run. */
    public record Stop() implements Deed {
        @Override
        public String inWords() {
            return "stop server";
        }
    }

    /** A server that was stopped is started again. */
    public record Start() implements Deed {
        @Override
        public String inWords() {
            return "start server";
        }
    }

    /**
     * The network changes.
     *
     * @param network what is other than before; the rest stays
     * @param forNanos how long; {@link #TO_THE_END} = until the end of the run
     */
    public record Change(Network network, long forNanos) implements Deed {

        public static final long TO_THE_END = Long.MAX_VALUE;

        @Override
        public String inWords() {
            return "network " + NetworkKeys.words(network)
                    + (forNanos == TO_THE_END ? "" : " for " + Measure.DURATION.format(forNanos));
        }

        @Override
        public boolean needsServer() {
            return false;
        }
    }
}
