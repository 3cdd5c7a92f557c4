/** Results as people read them. */
@NullMarked
package io.tcplab.loadgen.report;

import org.jspecify.annotations.NullMarked;
