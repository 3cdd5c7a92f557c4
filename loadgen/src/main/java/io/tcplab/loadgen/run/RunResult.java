package io.tcplab.loadgen.run;

import io.tcplab.loadgen.result.Summary;
import java.nio.file.Path;

/**
 * What came of a run.
 *
 * @param summary as it was written
 * @param directory where everything was written
 */
public record RunResult(Summary summary, Path directory) {}
