/** A run in progress as metrics. */
package io.tcplab.loadgen.report.metrics;
