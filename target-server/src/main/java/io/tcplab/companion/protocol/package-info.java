/** What client and companion agree on: the frame of a request, the pattern of its bytes, and how a connection is closed. */
@NullMarked
package io.tcplab.companion.protocol;

import org.jspecify.annotations.NullMarked;
