/** What a person sees of a command while it runs: a live view of the whole screen, or one line each second. */
@NullMarked
package io.tcplab.loadgen.view;

import org.jspecify.annotations.NullMarked;
