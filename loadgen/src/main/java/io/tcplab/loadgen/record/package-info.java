/**
 * What a run measures: metrics, outcomes, ledgers and histograms, each with a single writer. The ground floor: it uses no other package.
 */
@NullMarked
package io.tcplab.loadgen.record;

import org.jspecify.annotations.NullMarked;
