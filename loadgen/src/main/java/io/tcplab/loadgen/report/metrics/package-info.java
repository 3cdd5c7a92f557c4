/** A run in progress as metrics. */
@NullMarked
package io.tcplab.loadgen.report.metrics;

import org.jspecify.annotations.NullMarked;
