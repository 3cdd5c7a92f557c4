package io.tcplab.loadgen.connection.dialogue;

import org.jspecify.annotations.Nullable;

/**
 * A stretch of a script without a change of direction but one: a pause, then all that is sent, then all answers to it. Each of them may
 * be missing.
 */
final class Turn {

    /** Of a step without a name. */
    static final int NO_STEP = -1;

    final long pauseNanos;
    final int pauseStep;
    final @Nullable Filling send;
    final int sendStep;
    final Expected[] expects;

    Turn(long pauseNanos, int pauseStep, @Nullable Filling send, int sendStep, Expected[] expects) {
        this.pauseNanos = pauseNanos;
        this.pauseStep = pauseStep;
        this.send = send;
        this.sendStep = sendStep;
        this.expects = expects;
    }
}
