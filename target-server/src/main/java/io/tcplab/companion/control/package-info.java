/** The companion as a process: its command line, its settings, and the control endpoint that reports its counts and observations. */
@NullMarked
package io.tcplab.companion.control;

import org.jspecify.annotations.NullMarked;
