/** What a result is worth: the books against the kernel, warnings, thresholds and causes. */
@NullMarked
package io.tcplab.loadgen.judge;

import org.jspecify.annotations.NullMarked;
