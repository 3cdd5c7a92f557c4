/** TLS without a socket, for both sides of a connection: bytes of the peer go in, bytes for it come out. */
@NullMarked
package io.tcplab.companion.tls;

import org.jspecify.annotations.NullMarked;
