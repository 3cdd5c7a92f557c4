package io.tcplab.loadgen.lab;

/** Segments that the cable loses until they are let through again. */
public interface Hold extends AutoCloseable {
    /** How many it has lost so far. */
    long lost();

    /** Lets them through again; what was lost stays lost until it is sent again. */
    @Override
    void close();
}
