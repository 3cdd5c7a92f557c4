/** How requests are written and responses recognised, a class for each protocol. */
@NullMarked
package io.tcplab.loadgen.connection.dialogue;

import org.jspecify.annotations.NullMarked;
