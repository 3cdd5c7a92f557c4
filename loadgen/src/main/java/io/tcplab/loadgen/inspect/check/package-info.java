/** The catalogue: each check asks a server one question by a few connections, and is one file. */
@NullMarked
package io.tcplab.loadgen.inspect.check;

import org.jspecify.annotations.NullMarked;
