package io.tcplab.loadgen.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.connection.wire.EpollWires;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.record.CauseTally;
import io.tcplab.loadgen.record.LatencyRecorder;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class LoadLoopIT {

    private static final int TIMES = 400;

    @TempDir
    private Path directory;

    /** A reading each second meets the end of a run of whole seconds sooner or later. */
    @Test
    void aReadingThatMeetsTheLoopsEndIsAnswered() throws Exception {
        Profile profile = ProfileReader.read(
                Files.writeString(
                        directory.resolve("p.yaml"),
                        "load: {closed: {concurrency: 1}}\nduration: 1s\nprotocol: none\nmix: [{name: only}]\n"),
                List.of());
        InetSocketAddress to = new InetSocketAddress("127.0.0.1", 9);
        for (int i = 0; i < TIMES; i++) {
            LoadLoop loop = new LoadLoop(new LoopPlan(
                    profile,
                    List.of(new Destination(to, null)),
                    executor -> new EpollWires(profile.client(), List.of(to), List.of(), executor),
                    1,
                    0,
                    1,
                    LoopPlan.ANY_CPU,
                    new CauseTally()));
            Thread reader = Thread.ofPlatform().daemon(true).start(() -> {
                LatencyRecorder empty = new LatencyRecorder(1, 0);
                for (int k = 0; k < 500; k++) {
                    empty = loop.harvest(empty);
                }
            });
            loop.close();
            reader.join(TimeUnit.SECONDS.toMillis(20));
            assertThat(reader.isAlive()).as("the reader of loop %d waits", i).isFalse();
        }
    }
}
