package io.tcplab.loadgen.result;

import org.jspecify.annotations.Nullable;

/**
 * What one of several generators counted of its connections, warm-up included, that the server's kernel counts of all generators: held
 * against that kernel once their results are together.
 *
 * @param handshakes seen complete; absent where some may have been complete for one side only
 * @param serverFins connections that the server closed first by FIN; absent where that is not known of all
 */
public record Counted(@Nullable Long handshakes, @Nullable Long serverFins) {}
