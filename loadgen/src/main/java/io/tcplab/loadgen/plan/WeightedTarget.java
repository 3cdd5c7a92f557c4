package io.tcplab.loadgen.plan;

import io.tcplab.kernel.host.Endpoint;

/**
 * One of several targets.
 *
 * @param at where it is
 * @param weight its share of the connections, relative to the other targets' weights; above 0
 */
public record WeightedTarget(Endpoint at, double weight) {}
