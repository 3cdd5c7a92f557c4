/** What a result is worth: the books against the kernel, warnings, thresholds and causes. */
package io.tcplab.loadgen.judge;
