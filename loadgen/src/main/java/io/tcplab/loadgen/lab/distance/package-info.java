/** What distance and loss do to a connection, over a cable of our own. */
@NullMarked
package io.tcplab.loadgen.lab.distance;

import org.jspecify.annotations.NullMarked;
