/** The way into a listener: SYN queue, accept queue, cookies. */
@NullMarked
package io.tcplab.loadgen.lab.queue;

import org.jspecify.annotations.NullMarked;
