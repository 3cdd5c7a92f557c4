/** The same work under several settings: cells, their verdicts and what arithmetic says of them. */
package io.tcplab.loadgen.tune;
