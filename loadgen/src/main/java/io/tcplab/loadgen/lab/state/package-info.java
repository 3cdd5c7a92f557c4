/** The states of a connection, each held and seen. */
@NullMarked
package io.tcplab.loadgen.lab.state;

import org.jspecify.annotations.NullMarked;
