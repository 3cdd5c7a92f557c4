/** How requests are written and responses recognised, a class for each protocol. */
package io.tcplab.loadgen.connection.dialogue;
