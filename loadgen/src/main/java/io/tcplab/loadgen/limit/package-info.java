/** Searches the highest load at which every threshold holds, and says what ended it. */
@NullMarked
package io.tcplab.loadgen.limit;

import org.jspecify.annotations.NullMarked;
