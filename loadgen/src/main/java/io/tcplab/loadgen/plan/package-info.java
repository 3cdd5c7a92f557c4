/** What is to be done: the profile, its keys, figures and thresholds, read and written without loss. */
@NullMarked
package io.tcplab.loadgen.plan;

import org.jspecify.annotations.NullMarked;
