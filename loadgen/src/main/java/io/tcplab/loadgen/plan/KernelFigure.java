package io.tcplab.loadgen.plan;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.counters.KernelCounter;

/** A figure of what one side's kernel showed; there is none where that side was not observed. */
public sealed interface KernelFigure extends Figure {

    Side side();

    /** When a number of sockets was taken. */
    enum Moment {
        PEAK("peak", ", the most at a time"),
        FINAL("final", ", at the end of the run");

        private final String word;
        private final String sentence;

        Moment(String word, String sentence) {
            this.word = word;
            this.sentence = sentence;
        }
    }

    /** The accept queue of the target's worst listener. */
    record AcceptQueue(Side side, Length length) implements KernelFigure {
        @Override
        public String key() {
            return prefix(side) + "acceptQueue." + length.word;
        }

        @Override
        public String sentence() {
            return length.sentence;
        }

        /** Which length of the queue. */
        public enum Length {
            LIMIT("limit", "connections that the accept queue's limit allows"),
            PEAK("peak", "connections not yet accepted, the most at a time"),
            P99("p99", "connections not yet accepted, as many or fewer in 99% of the observations");

            private final String word;
            private final String sentence;

            Length(String word, String sentence) {
                this.word = word;
                this.sentence = sentence;
            }
        }
    }

    /** Sockets in TIME_WAIT that belong to the run's port. */
    record TimeWait(Side side, Moment moment) implements KernelFigure {
        @Override
        public String key() {
            return prefix(side) + "timeWait." + moment.word;
        }

        @Override
        public String sentence() {
            return "sockets in TIME_WAIT that belong to the run's port" + moment.sentence;
        }
    }

    /** Sockets in a state. */
    record Sockets(Side side, Moment moment, TcpState state) implements KernelFigure {
        @Override
        public String key() {
            return prefix(side) + moment.word + "States." + state;
        }

        @Override
        public String sentence() {
            return "sockets in state " + state + moment.sentence;
        }
    }

    /**
     * What a counter grew by over the run; 0 where it did not move.
     *
     * @param kernelName with its section, such as {@code TcpExt.ListenOverflows}; it need not be in the catalogue
     */
    record Counter(Side side, String kernelName) implements KernelFigure {
        @Override
        public String key() {
            return prefix(side)
                    + KernelCounter.byKernelName(kernelName)
                            .map(KernelCounter::id)
                            .orElse(kernelName);
        }

        @Override
        public String sentence() {
            return KernelCounter.byKernelName(kernelName)
                    .map(KernelCounter::label)
                    .orElse(kernelName);
        }
    }

    private static String prefix(Side side) {
        return side.word() + ".";
    }
}
