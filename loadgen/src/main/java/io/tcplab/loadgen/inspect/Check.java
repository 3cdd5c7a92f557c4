package io.tcplab.loadgen.inspect;

/** One question to a server, and the events that make it answer. Stateless. */
public interface Check {

    /** What it is. */
    CheckCard card();

    /** Whether it opens connections at all: without what it needs it only says so. */
    default boolean asks(Subject subject) {
        return true;
    }

    /** How many requests it sends to this server at most. */
    default int requests(Subject subject) {
        return card().requests();
    }

    /** Asks, and returns what was seen. Every wait has a deadline; every connection that the probe opens is closed with it. */
    Finding observe(Probe probe) throws Unreachable;
}
