/** Network namespaces that live and die with a thread of this process. */
@NullMarked
package io.tcplab.kernel.namespace;

import org.jspecify.annotations.NullMarked;
