/** The TCP counters of a network namespace, read, described and subtracted. */
@NullMarked
package io.tcplab.kernel.counters;

import org.jspecify.annotations.NullMarked;
