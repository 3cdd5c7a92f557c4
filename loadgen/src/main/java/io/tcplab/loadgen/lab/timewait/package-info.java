/** TIME_WAIT and local ports: how long, for whom, and what frees them. */
@NullMarked
package io.tcplab.loadgen.lab.timewait;

import org.jspecify.annotations.NullMarked;
