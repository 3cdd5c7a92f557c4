/** When to do it: arrival schedules, deadlines and slots. The only code that owns time. */
@NullMarked
package io.tcplab.loadgen.pace;

import org.jspecify.annotations.NullMarked;
