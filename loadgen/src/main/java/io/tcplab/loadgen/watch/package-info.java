/** What the kernel of each side shows before, during and after a run, here or reported by an observer. */
@NullMarked
package io.tcplab.loadgen.watch;

import org.jspecify.annotations.NullMarked;
