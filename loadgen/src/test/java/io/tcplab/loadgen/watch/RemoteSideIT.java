package io.tcplab.loadgen.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.companion.control.ControlEndpoint;
import io.tcplab.companion.control.ObservationLog;
import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.kernel.observe.Observer;
import io.tcplab.loadgen.plan.CannotRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An observer beside a server, as the generator's host sees it: late, lost, started again, of another port, by another clock. */
@Timeout(60)
class RemoteSideIT {

    private static final Duration INTERVAL = Duration.ofMillis(20);
    private static final long HOURS_NANOS = TimeUnit.HOURS.toNanos(-9);

    private NetworkNamespace namespace;

    // Rows come by the recorder's thread while the tests look through them.
    private final List<TimelineRow> rows = new CopyOnWriteArrayList<>();

    @BeforeEach
    void make() throws IOException {
        Assumptions.assumeFalse(UserNamespace.needed(), "needs CAP_SYS_ADMIN: run as root or under unshare -Ur");
        namespace = NetworkNamespace.create("remote");
    }

    @AfterEach
    void end() {
        namespace.close();
    }

    private interface Work {
        void in(ServerSocket server) throws Exception;
    }

    /** A server in a namespace of its own: what its kernel counts is this test's alone. */
    private void besideServer(Work work) throws Exception {
        namespace.call(() -> {
            try (ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress())) {
                work.in(server);
            }
            return true;
        });
    }

    private static ObservationLog observe(int port) throws Exception {
        return ObservationLog.start(new Observer.Settings(port, INTERVAL, Observer.DEFAULT_SHARE));
    }

    private static ControlEndpoint control(ObservationLog log, int port) throws Exception {
        return ControlEndpoint.start(null, log, new Endpoint("127.0.0.1", port), null);
    }

    private KernelWatch watch(ServerSocket server, int controlPort) throws Exception {
        return KernelWatch.remote(address(server), INTERVAL, new Endpoint("127.0.0.1", controlPort), null, rows::add);
    }

    private static InetSocketAddress address(ServerSocket server) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
    }

    private static void connect(ServerSocket server, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort()).close();
            server.accept().close();
        }
    }

    private static SideFigures serverOf(KernelWatch watch) {
        return Objects.requireNonNull(watch.finish().server());
    }

    /** Until a row of the timeline has come that was observed after this call. */
    private void awaitRows(KernelWatch watch) throws InterruptedException {
        watch.recordedFrom(System.nanoTime());
        rows.clear();
        while (rows.stream().noneMatch(row -> row.second() > 0 && row.side() == Side.SERVER)) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** Asked of this very host the offset is known to be 0, and is found within half of a round trip over loopback. */
    @Test
    void theOffsetOfTheClocksIsMeasured() throws Exception {
        besideServer(server -> {
            try (ObservationLog log = observe(server.getLocalPort());
                    ControlEndpoint endpoint = control(log, 0);
                    RemoteSide side = RemoteSide.open(
                            new Endpoint("127.0.0.1", endpoint.address().getPort()), null, address(server))) {
                ClockOffset offset = side.clockOffset();
                assertThat(offset.uncertaintyMicros()).isPositive().isLessThan(TimeUnit.SECONDS.toMicros(10));
                assertThat(Math.abs(offset.micros())).isLessThanOrEqualTo(offset.uncertaintyMicros() + 1);
            }
        });
    }

    @Test
    void whatWasSeenToTheEndIsWhole() throws Exception {
        besideServer(server -> {
            try (ObservationLog log = observe(server.getLocalPort());
                    ControlEndpoint endpoint = control(log, 0);
                    KernelWatch watch = watch(server, endpoint.address().getPort())) {
                connect(server, 7);

                SideFigures side = serverOf(watch);
                assertThat(side.isPartial()).isFalse();
                assertThat(side.counter(KernelCounter.PASSIVE_OPENS)).isEqualTo(7);
                assertThat(side.timeWait().last()).isNotNull();
            }
        });
    }

    @Test
    void anObserverThatEndsLeavesFiguresUntilThenAndNoneOfTheEnd() throws Exception {
        besideServer(server -> {
            ObservationLog log = observe(server.getLocalPort());
            ControlEndpoint endpoint = control(log, 0);
            try (KernelWatch watch = watch(server, endpoint.address().getPort())) {
                connect(server, 3);
                awaitRows(watch);
                endpoint.close();
                log.close();
                connect(server, 5);

                SideFigures side = serverOf(watch);
                assertThat(side.isPartial()).isTrue();
                assertThat(side.partialFromSecond()).isPositive().isLessThan(60);
                assertThat(side.counter(KernelCounter.PASSIVE_OPENS)).isEqualTo(3);
                assertThat(side.finalStates()).isNull();
                assertThat(side.timeWait().last()).isNull();
            }
        });
    }

    /** The connection breaks and the observer lives: everything is there, and the connection that fetched it is in no count. */
    @Test
    void aBrokenConnectionIsOpenedOnceMoreAfterTheLoadAndNotCounted() throws Exception {
        besideServer(server -> {
            try (ObservationLog log = observe(server.getLocalPort())) {
                ControlEndpoint endpoint = control(log, 0);
                int port = endpoint.address().getPort();
                try (KernelWatch watch = watch(server, port)) {
                    connect(server, 3);
                    awaitRows(watch);
                    endpoint.close();
                    try (ControlEndpoint _ = control(log, port)) {
                        connect(server, 5);

                        SideFigures side = serverOf(watch);
                        assertThat(side.isPartial()).isFalse();
                        assertThat(side.counter(KernelCounter.PASSIVE_OPENS)).isEqualTo(8);
                    }
                }
            }
        });
    }

    /** Its numbers begin anew: what the first one had seen since is not known. */
    @Test
    void anObserverThatWasStartedAgainIsAnother() throws Exception {
        besideServer(server -> {
            ObservationLog log = observe(server.getLocalPort());
            ControlEndpoint endpoint = control(log, 0);
            int port = endpoint.address().getPort();
            try (KernelWatch watch = watch(server, port)) {
                connect(server, 3);
                awaitRows(watch);
                endpoint.close();
                log.close();
                connect(server, 5);
                try (ObservationLog again = observe(server.getLocalPort());
                        ControlEndpoint _ = control(again, port)) {
                    SideFigures side = serverOf(watch);
                    assertThat(side.isPartial()).isTrue();
                    assertThat(side.counter(KernelCounter.PASSIVE_OPENS)).isEqualTo(3);
                }
            }
        });
    }

    @Test
    void anObserverOfAnotherPortIsRefused() throws Exception {
        besideServer(server -> {
            try (ServerSocket other = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                    ObservationLog log = observe(other.getLocalPort());
                    ControlEndpoint endpoint = control(log, 0)) {
                assertThatThrownBy(() -> watch(server, endpoint.address().getPort()))
                        .isInstanceOf(CannotRun.class)
                        .hasMessageContaining("observes port " + other.getLocalPort() + ", and the target's port is "
                                + server.getLocalPort());
            }
        });
    }

    /** The other host was started nine hours later: its rows stand where they belong all the same. */
    @Test
    void aClockThatIsHoursOffPutsNoRowElsewhere() throws Exception {
        besideServer(server -> {
            try (ObservationLog log = observe(server.getLocalPort());
                    ControlEndpoint endpoint = control(log, 0);
                    SkewedEndpoint skewed =
                            new SkewedEndpoint(endpoint.address().getPort(), HOURS_NANOS);
                    KernelWatch watch = watch(server, skewed.port())) {
                watch.recordedFrom(System.nanoTime());
                connect(server, 3);
                awaitRows(watch);

                assertThat(serverOf(watch).isPartial()).isFalse();
                ClockOffset offset = Objects.requireNonNull(watch.clockOffset());
                assertThat(offset.micros())
                        .isBetween(
                                HOURS_NANOS / 1e3 - offset.uncertaintyMicros(),
                                HOURS_NANOS / 1e3 + offset.uncertaintyMicros());
                assertThat(rows)
                        .filteredOn(row -> row.side() == Side.SERVER)
                        .hasSizeGreaterThan(1)
                        .allMatch(row -> Math.abs(row.second()) < 60);
            }
        });
    }
}
