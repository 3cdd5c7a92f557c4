/** Comparing and tuning: the same work under several conditions, in rounds, and what the difference is worth. */
package io.tcplab.loadgen.tune;
