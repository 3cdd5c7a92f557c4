/** Non-blocking sockets and how an event loop waits for them, without policy. */
@NullMarked
package io.tcplab.loadgen.connection.wire;

import org.jspecify.annotations.NullMarked;
