/** System calls with their exact errno, by the Foreign Function and Memory API: {@code libc} and nothing else. */
@NullMarked
package io.tcplab.kernel.syscall;

import org.jspecify.annotations.NullMarked;
