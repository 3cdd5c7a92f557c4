package io.tcplab.loadgen.lab;

/** One thing that is said about TCP, and the events that make the kernel answer. Stateless: it may run many times at once. */
public interface Experiment {

    /** What it is. */
    Card card();

    /**
     * Plays it on a fresh stage and returns what the kernel said to the hypothesis. What must be so for the answer to mean
     * anything is expected on the stage, which throws {@link ExpectationFailed}; that is a failed test and no verdict.
     */
    Finding run(Stage lab) throws Exception;
}
