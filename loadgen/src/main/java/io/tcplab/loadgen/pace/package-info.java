/** When to do it: arrival schedules, deadlines and slots. The only code that owns time. */
package io.tcplab.loadgen.pace;
