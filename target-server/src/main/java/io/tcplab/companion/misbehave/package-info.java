/** A companion over HTTP/1.1 that misbehaves on purpose: the test of the inspection, and a way to see each misbehaviour. */
@NullMarked
package io.tcplab.companion.misbehave;

import org.jspecify.annotations.NullMarked;
