/** The kernel's own list of TCP sockets, asked over netlink (sock_diag(7)). */
@NullMarked
package io.tcplab.kernel.sockdiag;

import org.jspecify.annotations.NullMarked;
