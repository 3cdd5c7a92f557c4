/** Results on a terminal and as JUnit XML. */
@NullMarked
package io.tcplab.loadgen.report.text;

import org.jspecify.annotations.NullMarked;
