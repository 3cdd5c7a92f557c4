/** The first three segments. */
@NullMarked
package io.tcplab.loadgen.lab.handshake;

import org.jspecify.annotations.NullMarked;
