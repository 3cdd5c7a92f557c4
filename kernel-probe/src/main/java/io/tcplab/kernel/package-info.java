/**
 * What every other package of the probe stands on: the reader of /proc, the names of the TCP states, the namespace that the
 * process was born in.
 */
@NullMarked
package io.tcplab.kernel;

import org.jspecify.annotations.NullMarked;
