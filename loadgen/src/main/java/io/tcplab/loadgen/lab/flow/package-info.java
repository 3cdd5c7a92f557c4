/** What flows, and what tells that nothing flows. */
@NullMarked
package io.tcplab.loadgen.lab.flow;

import org.jspecify.annotations.NullMarked;
