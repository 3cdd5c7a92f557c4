/** The facts of a finished run and the files that hold them. */
package io.tcplab.loadgen.result;
