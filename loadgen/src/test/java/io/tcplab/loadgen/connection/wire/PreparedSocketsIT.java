package io.tcplab.loadgen.connection.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.syscall.FastCalls;
import io.tcplab.kernel.syscall.Ring;
import io.tcplab.kernel.syscall.RingTag;
import io.tcplab.loadgen.plan.ClientOptions;
import io.tcplab.loadgen.plan.ProfileReader;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class PreparedSocketsIT {

    @TempDir
    private Path directory;

    private final FastCalls calls = new FastCalls();
    private int looks;

    @BeforeEach
    void requireRing() {
        String refusal = UringWires.refusal();
        Assumptions.assumeTrue(refusal == null, "needs io_uring: " + refusal);
    }

    private SocketSettings settings() throws Exception {
        Path file = Files.writeString(
                directory.resolve("p.yaml"), "connections: 1\nload: {closed: {concurrency: 1}}\nmix: [{name: only}]\n");
        ClientOptions client = ProfileReader.read(file, List.of()).client();
        return new SocketSettings(client, List.of(new InetSocketAddress("127.0.0.1", 9)), List.of());
    }

    @Test
    void aSocketIsHadAlsoWhereSomethingElseIsStagedMeanwhile() throws Exception {
        SocketSettings settings = settings();
        try (Ring ring = new Ring(8, 16)) {
            ring.enable();
            PreparedSockets[] made = new PreparedSockets[1];
            made[0] = new PreparedSockets(settings.families().getFirst(), settings, ring, calls, () -> {
                while (ring.hasCompletion()) {
                    if (RingTag.kind(ring.tag()) == UringTag.SOCKET) {
                        made[0].made(ring.result());
                    }
                    ring.advance();
                }
                if (++looks == 2) {
                    ring.cancel(RingTag.of(UringTag.INPUT, 0), RingTag.of(UringTag.REST, 0));
                }
            });
            int socket = made[0].take(false);
            assertThat(socket)
                    .as("%s: %d", made[0].failedCall(), made[0].failureErrno())
                    .isNotNegative();
            assertThat(calls.close(socket)).isZero();
            made[0].close();
        }
    }
}
