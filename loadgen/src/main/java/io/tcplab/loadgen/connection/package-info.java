/**
 * The life of one connection on the event loop that owns it. {@code Connection} keeps its state and the order of its steps; each step is
 * made by an object that the connections of a loop share.
 */
@NullMarked
package io.tcplab.loadgen.connection;

import org.jspecify.annotations.NullMarked;
