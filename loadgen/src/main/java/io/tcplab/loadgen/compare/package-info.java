/** Two or more contenders under the same load, and what their difference is worth. */
@NullMarked
package io.tcplab.loadgen.compare;

import org.jspecify.annotations.NullMarked;
