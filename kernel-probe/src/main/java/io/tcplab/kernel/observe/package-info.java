/** One side of a run as its kernel sees it, sampled on a clock. */
@NullMarked
package io.tcplab.kernel.observe;

import org.jspecify.annotations.NullMarked;
