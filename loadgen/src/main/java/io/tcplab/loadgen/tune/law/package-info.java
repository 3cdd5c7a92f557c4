/** What ports, queues and probes must do by arithmetic, held against what they did. */
package io.tcplab.loadgen.tune.law;
