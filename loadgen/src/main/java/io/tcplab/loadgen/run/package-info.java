/** One run from profile to result: the server under test, the loops, the sampler, the verdict. */
@NullMarked
package io.tcplab.loadgen.run;

import org.jspecify.annotations.NullMarked;
