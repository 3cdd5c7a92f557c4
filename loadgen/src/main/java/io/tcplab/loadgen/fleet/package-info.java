/**
 * One load from many machines: a lead and the generators that join it. What places and restarts processes is somebody else (a shell, an
 * engine, a scheduler); here they agree on the moment, divide the load and put the results together.
 */
@NullMarked
package io.tcplab.loadgen.fleet;

import org.jspecify.annotations.NullMarked;
