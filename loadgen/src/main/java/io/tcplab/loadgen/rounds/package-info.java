/** Rounds in fresh conditions: namespaces or containers, interleaved. */
package io.tcplab.loadgen.rounds;
