/** What client and companion agree on: the frame of a request, the pattern of its bytes, and how a connection is closed. */
package io.tcplab.companion.protocol;
