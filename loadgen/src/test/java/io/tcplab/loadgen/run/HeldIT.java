package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.result.Head;
import io.tcplab.loadgen.result.Measured;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections to be held open by a server that ends some of them. */
@OverEachTransport
@Timeout(60)
class HeldIT {

    /** Accepts all, and closes every second one of the first ten at once. */
    private static void serve(ServerSocket server, List<Socket> kept) {
        try {
            for (int i = 0; ; i++) {
                Socket accepted = server.accept();
                if (i < 10 && i % 2 == 0) {
                    accepted.close();
                } else {
                    kept.add(accepted);
                }
            }
        } catch (IOException _) {
            // closed
        }
    }

    private static Summary run(String hold) throws Exception {
        List<Socket> kept = Collections.synchronizedList(new ArrayList<>());
        try (ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon(true).start(() -> serve(server, kept));
            return IsolatedRun.onHost(Profiles.of("""
                    name: held
                    target: 127.0.0.1:%d
                    duration: 1500ms
                    load: {hold: %s}
                    protocol: none
                    mix: [{name: only, exchanges: 0, close: {by: client, how: rst}}]
                    thresholds: ["held.atEnd >= 12", "held.lost == 0"]
                    """.formatted(server.getLocalPort(), hold)));
        } finally {
            for (Socket each : kept) {
                each.close();
            }
        }
    }

    @Test
    void whatIsLostIsCountedAndStaysAway() throws Exception {
        Summary summary = run("{connections: 12}");

        assertThat(summary.held()).isEqualTo(new Measured.Held(12, 7, 5, 0));
        assertThat(summary.thresholds())
                .extracting(Verdict.ThresholdResult::actual)
                .containsExactly(7.0, 5.0);
        assertThat(summary.outcomes().started()).isEqualTo(12);
    }

    @Test
    void whatIsLostIsOpenedAgainWhereTheProfileSaysSo() throws Exception {
        Summary summary = run("{connections: 12, reopen: 100ms}");

        assertThat(summary.held()).isEqualTo(new Measured.Held(12, 12, 5, 5));
        assertThat(summary.outcomes().started()).isEqualTo(17);
    }

    @Test
    void theTargetIsSaidAsItWasAskedForAndByItsAddress() throws Exception {
        Head.Target target = Objects.requireNonNull(run("{connections: 1}").target());

        assertThat(target.asked()).isEqualTo(target.address()).startsWith("127.0.0.1:");
    }
}
