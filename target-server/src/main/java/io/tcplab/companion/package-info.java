/** The companion target: it listens, serves exchanges in four protocols, and closes as it is asked to. */
@NullMarked
package io.tcplab.companion;

import org.jspecify.annotations.NullMarked;
