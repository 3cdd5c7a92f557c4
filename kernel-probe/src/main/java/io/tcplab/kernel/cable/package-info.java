/** A cable of our own between a client's and a server's namespace: distance, loss and a count of every segment, without a program. */
@NullMarked
package io.tcplab.kernel.cable;

import org.jspecify.annotations.NullMarked;
