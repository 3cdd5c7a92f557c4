/** The facts of a finished run and the files that hold them. */
@NullMarked
package io.tcplab.loadgen.result;

import org.jspecify.annotations.NullMarked;
