/** What a reader must know before believing a result: each warning is one record that finds itself in the facts. */
@NullMarked
package io.tcplab.loadgen.judge.warning;

import org.jspecify.annotations.NullMarked;
