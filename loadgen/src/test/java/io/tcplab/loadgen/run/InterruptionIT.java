package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Verdict;
import io.tcplab.loadgen.view.View;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run that is ended from outside before anything of it counts. */
@Timeout(60)
class InterruptionIT {

    @TempDir
    Path directory;

    @Test
    void anInterruptionWithinTheWarmUpLeavesNothingToBelieve() throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> {
            try (socket) {
                socket.getInputStream().transferTo(socket.getOutputStream());
            }
        })) {
            Profile profile = Profiles.of("""
                    name: interrupted
                    target: 127.0.0.1:%d
                    warmup: 1h
                    duration: 1h
                    load: {open: {rate: 50/s}}
                    protocol: echo
                    mix: [{name: only}]
                    """.formatted(server.address().getPort()));
            RunRequest request = new RunRequest(profile, RemoteOptions.NONE, Isolation.NONE, null, directory);
            RunSession session = new RunSession(request, View.NONE);
            Thread interrupter = Thread.ofPlatform().start(() -> {
                while (server.accepted() < 10) {
                    Thread.onSpinWait();
                }
                session.interrupt();
            });
            Summary summary = session.run().summary();
            interrupter.join();

            assertThat(summary.outcomes().started()).isZero();
            assertThat(summary.valid()).isFalse();
            assertThat(summary.warnings()).extracting(Verdict.Warning::code).contains("nothingRecorded");
        }
    }
}
