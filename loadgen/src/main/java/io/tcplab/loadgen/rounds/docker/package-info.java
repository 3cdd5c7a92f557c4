/** Rounds in containers: target and generator each in one of their own, with sysctls that the engine sets at their creation. */
@NullMarked
package io.tcplab.loadgen.rounds.docker;

import org.jspecify.annotations.NullMarked;
