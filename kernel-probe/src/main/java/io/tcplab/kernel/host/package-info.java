/** What a network namespace and its machine are set to: sysctls, limits, kernel and CPU. */
@NullMarked
package io.tcplab.kernel.host;

import org.jspecify.annotations.NullMarked;
