package io.tcplab.loadgen.fleet;

import io.tcplab.loadgen.merge.Octets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Sends the files of a result, piece by piece. */
final class ResultSender {

    private static final int PIECE_BYTES = 256 << 10;

    private ResultSender() {}

    static void send(Path directory, MessageStream to) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        for (String name : ReceivedFiles.NAMES) {
            Path file = directory.resolve(name);
            if (!Files.isRegularFile(file)) {
                continue;
            }
            try (InputStream in = Files.newInputStream(file)) {
                for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                    to.write(new Message.Piece(name, Octets.of(piece, length)));
                }
            }
        }
        to.write(new Message.Done());
    }
}
