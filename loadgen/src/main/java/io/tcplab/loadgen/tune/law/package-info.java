/** What ports, queues and probes must do by arithmetic, held against what they did. */
@NullMarked
package io.tcplab.loadgen.tune.law;

import org.jspecify.annotations.NullMarked;
