/** Rounds in fresh conditions: namespaces or containers, interleaved. */
@NullMarked
package io.tcplab.loadgen.rounds;

import org.jspecify.annotations.NullMarked;
