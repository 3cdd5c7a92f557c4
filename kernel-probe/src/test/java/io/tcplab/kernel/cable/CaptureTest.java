package io.tcplab.kernel.cable;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.Side;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is in a file of captured packets. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class CaptureTest {

    private static final int ENHANCED_PACKET = 6;

    @TempDir
    private Path directory;

    private static void take(Capture capture, int packets) {
        MemorySegment memory = MemorySegment.ofArray(new byte[60]);
        for (int i = 0; i < packets; i++) {
            capture.take(Side.CLIENT, i, memory, 0, 60, i == 0 ? DropReason.LOSS : null);
        }
    }

    /** Blocks of packets: type and length stand at the head of each block (draft-ietf-opsawg-pcapng, §3.1). */
    private static int packets(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int packets = 0;
        for (int at = 0; at < bytes.capacity(); at += bytes.getInt(at + 4)) {
            packets += bytes.getInt(at) == ENHANCED_PACKET ? 1 : 0;
        }
        return packets;
    }

    @Test
    void whatComesAfterTheLastCountIsNotInTheFile() throws IOException {
        Path file = directory.resolve("counted.pcapng");
        try (Capture capture = new Capture(file, 0)) {
            take(capture, 2);
            capture.counted();
            take(capture, 3);
            capture.counted();
            take(capture, 4);
            capture.secret(new byte[] {'a'});
        }
        assertThat(packets(file)).isEqualTo(5);
    }

    @Test
    void withoutACountAllIsInTheFile() throws IOException {
        Path file = directory.resolve("all.pcapng");
        try (Capture capture = new Capture(file, 0)) {
            take(capture, 7);
        }
        assertThat(packets(file)).isEqualTo(7);
    }
}
