/** Results as one self-contained page. */
@NullMarked
package io.tcplab.loadgen.report.html;

import org.jspecify.annotations.NullMarked;
