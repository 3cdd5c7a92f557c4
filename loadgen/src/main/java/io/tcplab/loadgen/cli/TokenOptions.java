package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.fleet.Token;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The secret of a lead and its generators; the same for both. */
final class TokenOptions {

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "File with the token that lead and generators share; required for addresses other than loopback.")
    private @Nullable Path file;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "The token itself; prefer --token-file, because other users can see a process's arguments.")
    private @Nullable String text;

    Token token() {
        return Token.of(file, text);
    }
}
