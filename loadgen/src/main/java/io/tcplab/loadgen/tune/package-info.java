/** The same work under several settings: cells, their verdicts and what arithmetic says of them. */
@NullMarked
package io.tcplab.loadgen.tune;

import org.jspecify.annotations.NullMarked;
