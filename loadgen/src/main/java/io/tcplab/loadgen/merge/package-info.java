/** Several results of one load as one, without loss. */
@NullMarked
package io.tcplab.loadgen.merge;

import org.jspecify.annotations.NullMarked;
