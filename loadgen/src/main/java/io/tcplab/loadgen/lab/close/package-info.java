/** How connections end: by FIN, by RST, by halves, at once. */
@NullMarked
package io.tcplab.loadgen.lab.close;

import org.jspecify.annotations.NullMarked;
