/** The companion target: it listens, serves exchanges in four protocols, and closes as it is asked to. */
package io.tcplab.companion;
