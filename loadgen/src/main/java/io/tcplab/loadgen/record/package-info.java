/**
 * What a run measures: metrics, outcomes, ledgers and histograms, each with a single writer. The ground floor: it uses no other package.
 */
package io.tcplab.loadgen.record;
