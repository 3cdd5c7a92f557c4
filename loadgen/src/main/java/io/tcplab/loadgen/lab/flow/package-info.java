/** Data under way: windows, timers, probes, and how a peer that vanished is noticed. */
@NullMarked
package io.tcplab.loadgen.lab.flow;

import org.jspecify.annotations.NullMarked;
