/** The life of one connection: connect, exchange, close, on the event loop that owns it. */
package io.tcplab.loadgen.connection;
