/** Non-blocking sockets and how an event loop waits for them, without policy. */
package io.tcplab.loadgen.connection.wire;
