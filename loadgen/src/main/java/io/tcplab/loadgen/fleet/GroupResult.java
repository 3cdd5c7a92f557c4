package io.tcplab.loadgen.fleet;

import io.tcplab.loadgen.result.Summary;
import java.nio.file.Path;

/**
 * What one group of generators came to.
 *
 * @param name empty where there is one group without a name
 * @param summary merged, as it was written
 * @param directory where it was written
 */
public record GroupResult(String name, Summary summary, Path directory) {}
