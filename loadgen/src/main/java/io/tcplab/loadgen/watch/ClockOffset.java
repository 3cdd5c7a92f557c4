package io.tcplab.loadgen.watch;

/** The server's clock minus ours. */
public record ClockOffset(double micros, double uncertaintyMicros) {}
