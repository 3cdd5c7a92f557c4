/** One run from profile to result: the server under test, the loops, the sampler, the verdict. */
package io.tcplab.loadgen.run;
