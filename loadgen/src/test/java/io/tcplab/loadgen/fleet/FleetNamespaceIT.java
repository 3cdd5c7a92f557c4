package io.tcplab.loadgen.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.companion.Companion;
import io.tcplab.companion.CompanionSettings;
import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.Reconciled;
import io.tcplab.loadgen.result.Reconciled.Check;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.TargetFigures;
import io.tcplab.loadgen.watch.TimelineRow;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Lead, generators and their server in a namespace of their own, whose kernel counts nothing else. */
@Timeout(120)
class FleetNamespaceIT {

    private static final String COUNTED = """
            name: counted
            duration: 20s
            connections: 400
            seed: 11
            client: {tcpInfo: 1}
            load: {open: {rate: 400/s}}
            mix: [{name: often, weight: 5}, {name: seldom, weight: 2, exchanges: 2}]
            %s
            """;

    @TempDir
    private Path home;

    private NetworkNamespace namespace;
    private Companion companion;
    private Fleet fleet;

    @BeforeEach
    void begin() throws Exception {
        Assumptions.assumeFalse(UserNamespace.needed(), "needs CAP_SYS_ADMIN: run as root or under unshare -Ur");
        namespace = NetworkNamespace.create("fleet");
        companion = namespace.call(() -> Companion.start(CompanionSettings.DEFAULTS));
        fleet = Fleet.in(namespace, home);
    }

    @AfterEach
    void end() {
        if (namespace != null) {
            fleet.close();
            companion.close();
            namespace.close();
        }
    }

    private Summary run(int generators, String target) throws Exception {
        CompletableFuture<List<GroupResult>> lead = fleet.lead(fleet.profile(COUNTED.formatted(target)), generators);
        List<CompletableFuture<Void>> joined = new ArrayList<>();
        for (int i = 0; i < generators; i++) {
            joined.add(fleet.join());
        }
        Summary merged = lead.get(60, TimeUnit.SECONDS).getFirst().summary();
        for (CompletableFuture<Void> each : joined) {
            each.get(20, TimeUnit.SECONDS);
        }
        return merged;
    }

    private String companionAt() {
        return Endpoint.text(companion.address());
    }

    private static long kernels(Summary merged, Check check) {
        Reconciled found = merged.reconciliation().stream()
                .filter(each -> each.is(check))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no check " + check + " in " + merged.reconciliation()));
        assertThat(found.agrees()).as(found.sentence() + ", " + found.words()).isTrue();
        return found.kernel();
    }

    @Test
    void whatAllGeneratorsCountedIsWhatTheKernelTheyShareCounted() throws Exception {
        Summary merged = run(3, "target: \"" + companionAt() + "\"");
        assertThat(merged.outcomes().started()).isEqualTo(400);
        assertThat(kernels(merged, Check.CONNECTS)).isEqualTo(400);
        assertThat(kernels(merged, Check.FINS_OF_BOTH)).isEqualTo(400);
        assertThat(kernels(merged, Check.HANDSHAKES)).isEqualTo(400);
        assertThat(merged.reconciliation()).allMatch(Reconciled::agrees);
    }

    @Test
    void theMetricsOfALeadHaveEachKernelOnce() throws Exception {
        Summary merged = run(3, "target: \"" + companionAt() + "\"");
        assertThat(merged.outcomes().started()).isEqualTo(400);
        assertThat(moved(Side.CLIENT, KernelCounter.ACTIVE_OPENS)).isEqualTo(400);
        assertThat(moved(Side.SERVER, KernelCounter.PASSIVE_OPENS)).isEqualTo(400);
        assertThat(fleet.rows())
                .anySatisfy(row -> assertThat(kernel(row).acceptQueueLimit()).isNotNull());
    }

    private long moved(Side side, KernelCounter counter) {
        return fleet.rows().stream()
                .filter(row -> row.side() == side)
                .mapToLong(row -> kernel(row).counters().getOrDefault(counter.kernelName(), 0L))
                .sum();
    }

    private static TimelineRow.Kernel kernel(TimelineRow row) {
        return Objects.requireNonNull(row.kernel());
    }

    @Test
    void theMergeHasTheTcpInfoAndTheTargetsOfAll() throws Exception {
        try (Companion other = namespace.call(() -> Companion.start(CompanionSettings.DEFAULTS))) {
            Summary merged = run(
                    2, "targets: [{at: \"" + companionAt() + "\"}, {at: \"" + Endpoint.text(other.address()) + "\"}]");
            assertThat(Objects.requireNonNull(merged.tcpInfo()).sampled()).isEqualTo(400);
            assertThat(merged.tcpInfo().rtt().count()).isEqualTo(400);
            assertThat(merged.targets()).hasSize(2);
            for (TargetFigures target : merged.targets()) {
                assertThat(Objects.requireNonNull(target.latencies())
                                .of(Metric.CONNECT)
                                .count())
                        .isEqualTo(target.outcomes().started())
                        .isPositive();
            }
            assertThat(fleet.out().resolve(ResultsDirectory.TOTALS)).isNotEmptyFile();
        }
    }

    @Test
    void tenThousandStrangersCannotKeepAGeneratorOut() throws Exception {
        CompletableFuture<List<GroupResult>> lead =
                fleet.lead(fleet.profile(COUNTED.formatted("target: \"" + companionAt() + "\"")), 1);
        Endpoint at = fleet.address();
        List<Socket> strangers = new ArrayList<>();
        try {
            namespace.run(() -> flood(at, strangers, 10_000));
            CompletableFuture<Void> wrong = fleet.join(at, Token.of(null, "another secret"), null);
            assertThatThrownBy(() -> wrong.get(40, TimeUnit.SECONDS)).hasMessageContaining("token");
            fleet.join();
            Summary merged = lead.get(60, TimeUnit.SECONDS).getFirst().summary();
            assertThat(merged.outcomes().started()).isEqualTo(400);
            assertThat(merged.valid()).isTrue();
        } finally {
            for (Socket socket : strangers) {
                socket.close();
            }
        }
    }

    /** Opens so many connections that stay: garbage, half a message, a message too long, silence. */
    private static void flood(Endpoint at, List<Socket> strangers, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket(at.host(), at.port());
            strangers.add(socket);
            OutputStream out = socket.getOutputStream();
            switch (i % 4) {
                case 0 -> out.write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                case 1 -> out.write(new byte[] {0, 0, 1}); // slow: the rest never comes
                case 2 -> out.write(new byte[] {0x7f, -1, -1, -1, '{'});
                default -> {
                    // says nothing
                }
            }
        }
    }
}
