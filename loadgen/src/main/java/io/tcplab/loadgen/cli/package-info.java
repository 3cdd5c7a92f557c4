/** The command line: it parses, calls and exits. */
package io.tcplab.loadgen.cli;
