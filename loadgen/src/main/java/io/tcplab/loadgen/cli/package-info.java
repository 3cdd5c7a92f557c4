/** The command line: it parses, calls and exits. */
@NullMarked
package io.tcplab.loadgen.cli;

import org.jspecify.annotations.NullMarked;
