/** The behaviour lab: experiments that make the kernel prove or refute what is said about TCP. */
@NullMarked
package io.tcplab.loadgen.lab;

import org.jspecify.annotations.NullMarked;
