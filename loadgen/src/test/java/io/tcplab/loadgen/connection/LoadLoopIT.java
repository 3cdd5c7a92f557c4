package io.tcplab.loadgen.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.IoHandler;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.connection.wire.EpollWires;
import io.tcplab.loadgen.connection.wire.Wire;
import io.tcplab.loadgen.connection.wire.Wires;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.record.CauseTally;
import io.tcplab.loadgen.record.LatencyRecorder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class LoadLoopIT {

    private static final int TIMES = 400;
    private static final InetSocketAddress NOBODY = new InetSocketAddress("127.0.0.1", 9);

    @TempDir
    private Path directory;

    private Profile profile(String text) throws IOException {
        return ProfileReader.read(
                Files.writeString(directory.resolve("p.yaml"), text + "\nprotocol: none\nmix: [{name: only}]\n"),
                List.of());
    }

    private static LoadLoop loop(Profile profile, Wires.Factory wires, int number, int loops) {
        return new LoadLoop(new LoopPlan(
                profile,
                List.of(new Destination(NOBODY, null)),
                wires,
                1,
                number,
                loops,
                LoopPlan.ANY_CPU,
                new CauseTally()));
    }

    private static Wires.Factory epoll(Profile profile) {
        return executor -> new EpollWires(profile.client(), List.of(NOBODY), List.of(), executor);
    }

    /** A reading each second meets the end of a run of whole seconds sooner or later. */
    @Test
    void aReadingThatMeetsTheLoopsEndIsAnswered() throws Exception {
        Profile profile = profile("load: {closed: {concurrency: 1}}\nduration: 1s");
        for (int i = 0; i < TIMES; i++) {
            LoadLoop loop = loop(profile, epoll(profile), 0, 1);
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

    @Test
    void aLoopWithoutAShareOfTheConnectionsIsNotWaitedFor() throws Exception {
        Profile profile = profile("load: {open: {rate: 0.01/s}}\nconnections: 1");
        for (long warmupNanos : new long[] {0, 20_000_000}) {
            try (LoadLoop second = loop(profile, epoll(profile), 1, 2)) {
                long now = System.nanoTime();
                second.begin(now, now + warmupNanos);
                second.drained().get(20, TimeUnit.SECONDS);
                assertThat(second.ledger(0, false).read().started()).isZero();
            }
        }
    }

    @Test
    void anEndWithinTheWarmUpIsTheEnd() throws Exception {
        Profile profile = profile("load: {closed: {concurrency: 1}}\nduration: 1s");
        try (LoadLoop loop = loop(profile, epoll(profile), 0, 1)) {
            long now = System.nanoTime();
            loop.begin(now, now + TimeUnit.HOURS.toNanos(1));
            loop.finish().get(20, TimeUnit.SECONDS);
            assertThat(loop.inFlight()).isZero();
            assertThat(loop.ledger(0, false).read().started()).isZero();
        }
    }

    /** Sockets of which the first is so long in the making that the whole recorded part passes meanwhile; then none is made any more. */
    private static final class Slow implements Wires {
        private final EpollWires sockets;
        private final CountDownLatch asked = new CountDownLatch(1);
        private final CountDownLatch over = new CountDownLatch(1);

        private Slow(EpollWires sockets) {
            this.sockets = sockets;
        }

        @Override
        public @Nullable Wire open(Wire.Owner owner, int target) {
            asked.countDown();
            try {
                over.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return null;
        }

        @Override
        public boolean mayMeetItself(int target) {
            return false;
        }

        @Override
        public int failureErrno() {
            return Errno.EMFILE.number();
        }

        @Override
        public String failedCall() {
            return "socket";
        }

        @Override
        public IoHandler ioHandler() {
            return sockets.ioHandler();
        }

        @Override
        public boolean awaitsReadiness() {
            return sockets.awaitsReadiness();
        }

        @Override
        public void enterLoop() {
            sockets.enterLoop();
        }
    }

    @Test
    void aLoopThatIsLateForTheWholeRecordedPartEndsAllTheSame() throws Exception {
        Profile profile = profile("load: {closed: {concurrency: 1}}\nduration: 1ms");
        Slow[] slow = new Slow[1];
        Wires.Factory wires = executor -> {
            slow[0] = new Slow(new EpollWires(profile.client(), List.of(NOBODY), List.of(), executor));
            return slow[0];
        };
        try (LoadLoop loop = loop(profile, wires, 0, 1)) {
            long now = System.nanoTime();
            long recordFromNanos = now + 500_000_000;
            loop.begin(now, recordFromNanos);
            slow[0].asked.await();
            TimeUnit.NANOSECONDS.sleep(recordFromNanos + profile.durationNanos() - System.nanoTime());
            CompletableFuture<Void> drained = loop.finish();
            slow[0].over.countDown();
            drained.get(20, TimeUnit.SECONDS);
        }
    }
}
