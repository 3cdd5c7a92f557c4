package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.host.Sysctl;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.NativeSocket;
import io.tcplab.kernel.syscall.SocketOptions;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.ListenerFigures;
import io.tcplab.loadgen.watch.SideFigures;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A queue, its limit and its overflows are said of the listener whose they are: of targets that nobody of ours started. */
@Timeout(90)
class WhoseQueueIT {
    private static final int PORT = 9000;

    private final List<NativeSocket> sockets = new ArrayList<>();
    private NetworkNamespace namespace;

    @BeforeEach
    void make() throws IOException {
        Assumptions.assumeFalse(UserNamespace.needed(), "needs CAP_SYS_ADMIN: run as root or under unshare -Ur");
        namespace = NetworkNamespace.create("whose");
    }

    @AfterEach
    void end() {
        sockets.forEach(NativeSocket::close);
        namespace.close();
    }

    private NativeSocket listen(String address, int port, int backlog) throws Exception {
        NativeSocket socket = namespace.call(() -> NativeSocket.open());
        sockets.add(socket);
        ok(socket.setOption(SocketOptions.SOL_SOCKET, SocketOptions.SO_REUSEPORT, 1));
        ok(socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port)));
        ok(socket.listen(backlog));
        return socket;
    }

    private static void ok(Errno errno) {
        assertThat(errno).isEqualTo(Errno.OK);
    }

    private void connect(int port, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            NativeSocket client = namespace.call(() -> NativeSocket.open());
            sockets.add(client);
            ok(client.nonBlocking(true));
            Errno _ = client.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
        }
    }

    /** Connections that nobody accepts, and that give up after a second. */
    private Summary run(int connections) throws Exception {
        return namespace.call(() -> IsolatedRun.onHost(Profiles.of("""
                name: whose
                target: 127.0.0.1:9000
                connections: %d
                load: {open: {rate: 100/s}}
                protocol: none
                mix: [{name: only, close: {by: client, how: fin}}]
                client: {connectTimeout: 700ms, closeTimeout: 300ms}
                """.formatted(connections))));
    }

    private static SideFigures server(Summary summary) {
        return Objects.requireNonNull(summary.kernel().server());
    }

    private static List<String> overflowWarnings(Summary summary) {
        return summary.warnings().stream()
                .filter(warning -> warning.code().equals("acceptQueueOverflowed"))
                .map(warning -> warning.message() + " → " + warning.advice())
                .toList();
    }

    @Test
    void whatAnotherPortOverflowsIsNotSaidOfTheTarget() throws Exception {
        listen("127.0.0.1", PORT, 2000);
        listen("127.0.0.1", PORT + 1, 1);
        connect(PORT + 1, 10);
        // Their SYNs are sent again a second later: the run is longer than that.
        Summary summary = run(200);
        assertThat(server(summary).counter(KernelCounter.LISTEN_OVERFLOWS)).isPositive();
        assertThat(server(summary).listeners().getFirst())
                .returns(0L, ListenerFigures::overflows)
                .returns(0L, ListenerFigures::drops)
                .returns(2000L, ListenerFigures::limit);
        assertThat(overflowWarnings(summary)).isEmpty();
    }

    @Test
    void aProgramOnAnotherAddressAddsNothingToTheTargetsQueue() throws Exception {
        listen("127.0.0.2", PORT, 1000);
        listen("127.0.0.1", PORT, 10);
        Summary summary = run(30);
        assertThat(server(summary).listeners()).hasSize(1);
        assertThat(server(summary).acceptQueue())
                .returns(10L, KernelFigures.AcceptQueue::limit)
                .returns(11L, KernelFigures.AcceptQueue::peak)
                .returns(11.0, KernelFigures.AcceptQueue::p99)
                .returns("listen", KernelFigures.AcceptQueue::setBy);
        assertThat(overflowWarnings(summary)).singleElement().asString().contains("a limit of 10, set by listen()");
    }

    @Test
    void oneOfFourWorkersThatOverflowsIsNamedWithItsOwnLimit() throws Exception {
        List<NativeSocket> workers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            workers.add(listen("127.0.0.1", PORT, 32));
        }
        for (NativeSocket worker : workers.subList(1, 4)) {
            Thread.ofPlatform().daemon(true).start(() -> acceptAll(worker));
        }
        Summary summary = run(200);
        assertThat(server(summary).listeners()).hasSize(4);
        ListenerFigures worst = server(summary).listeners().getFirst();
        assertThat(worst.limit()).isEqualTo(32);
        assertThat(worst.peak()).isBetween(33L, 34L);
        assertThat(worst.overflows()).isPositive();
        assertThat(server(summary).listeners().stream().skip(1)).allMatch(each -> each.peak() <= 32);
        assertThat(overflowWarnings(summary)).singleElement().asString().contains("the worst of 4 listeners");
    }

    /** One worker of four does not accept for 1.5 s, as in a collection of garbage, and then goes on; nothing overflows. */
    @Test
    void oneOfFourWorkersThatStopsAcceptingForAWhileIsNamedWithItsTimes() throws Exception {
        List<NativeSocket> workers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            workers.add(listen("127.0.0.1", PORT, 500));
        }
        for (NativeSocket worker : workers.subList(1, 4)) {
            Thread.ofPlatform().daemon(true).start(() -> acceptAll(worker));
        }
        Thread.ofPlatform().daemon(true).start(() -> {
            for (int i = 0; i < 20; i++) {
                Objects.requireNonNull(workers.getFirst().accept().socket()).close();
            }
            LockSupport.parkNanos(1_500_000_000);
            acceptAll(workers.getFirst());
        });
        Summary summary = run(400);

        ListenerFigures stuck = server(summary).listeners().stream()
                .filter(each -> each.nothingAccepted() != null)
                .reduce((_, _) -> {
                    throw new AssertionError("more than one");
                })
                .orElseThrow();
        ListenerFigures.Stall stall = Objects.requireNonNull(stuck.nothingAccepted());
        assertThat(stall.toSecond() - stall.fromSecond()).isBetween(1.0, 3.0);
        assertThat(stall.waiting()).isGreaterThan(10);
        assertThat(summary.warnings())
                .filteredOn(warning -> warning.code().equals("nothingAccepted"))
                .singleElement()
                .returns(stuck.inode(), warning -> warning.evidence().get("inode"))
                .returns(stall.waiting(), warning -> warning.evidence().get("waiting"));
    }

    private static void awaitQueue(NativeSocket listener, LongPredicate met) {
        while (!met.test(listener.tcpInfo().orElseThrow().acceptQueueLength())) {
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static void acceptAll(NativeSocket worker) {
        for (NativeSocket.Accepted one = worker.accept(); one.socket() != null; one = worker.accept()) {
            one.socket().close();
        }
    }

    @Test
    void whatSetTheLimitIsWhatIsToBeRaised() throws Exception {
        assertThat(namespace.call(() -> Sysctl.write("net.core.somaxconn", "16")))
                .isEqualTo("16");
        listen("127.0.0.1", PORT, 4096);
        Summary summary = run(40);
        assertThat(server(summary).acceptQueue())
                .returns(16L, KernelFigures.AcceptQueue::limit)
                .returns(17L, KernelFigures.AcceptQueue::peak)
                .returns(17.0, KernelFigures.AcceptQueue::p99)
                .returns("somaxconn", KernelFigures.AcceptQueue::setBy);
        assertThat(overflowWarnings(summary))
                .singleElement()
                .asString()
                .contains("set by net.core.somaxconn", "raise net.core.somaxconn");
    }

    /** As nginx does at a reload with another backlog: a queue that was long before is no overflow of the new limit. */
    @Test
    void aQueueIsMeasuredByTheLimitThatHeldWhenItWasLong() throws Exception {
        NativeSocket listener = listen("127.0.0.1", PORT, 500);
        Thread.ofPlatform().daemon(true).start(() -> {
            awaitQueue(listener, length -> length >= 110);
            // Longer than the observer's interval.
            LockSupport.parkNanos(400_000_000);
            Thread.ofPlatform().daemon(true).start(() -> acceptAll(listener));
            awaitQueue(listener, length -> length == 0);
            Errno _ = listener.listen(100);
        });
        Summary summary = run(300);

        assertThat(server(summary).acceptQueue())
                .returns(500L, KernelFigures.AcceptQueue::limit)
                .satisfies(queue -> assertThat(queue.peak()).isGreaterThan(100));
        assertThat(server(summary).listeners().getFirst().limitChanges())
                .singleElement()
                .returns(500L, ListenerFigures.LimitChange::from)
                .returns(100L, ListenerFigures.LimitChange::to);
        assertThat(summary.warnings())
                .extracting(warning -> warning.code())
                .doesNotContain("acceptQueueFull", "acceptQueueOverflowed");
    }
}
