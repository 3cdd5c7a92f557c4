/** Figures that others have published, measured again: each verdict says what was published and what was seen here. */
@NullMarked
package io.tcplab.loadgen.lab.published;

import org.jspecify.annotations.NullMarked;
