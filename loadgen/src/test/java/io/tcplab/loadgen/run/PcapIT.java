package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tcplab.companion.tls.TlsContext;
import io.tcplab.kernel.namespace.Programs;
import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.result.NetworkFigures;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.view.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code --pcap} writes, as another program reads it. */
@Timeout(240)
class PcapIT {

    @TempDir
    private Path directory;

    @BeforeEach
    void needs() {
        assumeThat(UserNamespace.needed()).as("needs root, or unshare -Ur").isFalse();
        assumeThat(UserNamespace.obstacle()).isEmpty();
        assumeThat(Programs.find("tshark")).as("needs the program tshark").isPresent();
    }

    private static Profile profile(String... sets) {
        return Profiles.of("""
                connections: 40
                load: {closed: {concurrency: 4}}
                mix: [{name: short, exchanges: 1, request: 64B, response: 300B, close: {by: client, how: fin}}]
                network: {rtt: 1ms, loss: 5%}
                """, sets);
    }

    private Summary run(Profile profile, String pcap) throws CannotRun {
        RunRequest request = new RunRequest(
                        profile, RemoteOptions.NONE, Isolation.NETNS, directory.resolve("result"), directory)
                .capturing(PcapOption.of(pcap));
        return new RunSession(request, View.NONE).run().summary();
    }

    private static List<String> tshark(Path file, String filter, String field) throws IOException {
        // Errors of tshark's own, such as that it runs as root, go the same way: lines of packets begin with a mark.
        String lines = Programs.run(
                null,
                "",
                "tshark",
                "-r",
                file.toString(),
                "-Y",
                filter,
                "-T",
                "fields",
                "-e",
                "frame.protocols",
                "-e",
                field);
        return lines.lines().filter(line -> line.startsWith("eth:")).toList();
    }

    @Test
    void everyPacketIsInTheFileAndEveryDropHasItsReason() throws Exception {
        Path asked = directory.resolve("asked.pcapng");
        Summary summary = run(profile(), asked.toString());
        NetworkFigures network = Objects.requireNonNull(summary.network());
        assertThat(network.notCaptured()).isZero();
        assertThat(tshark(asked, "tcp", "frame.number"))
                .hasSize((int) network.segments().all());
        assertThat(tshark(asked, "frame.comment contains \"dropped by the cable: lost\"", "frame.number"))
                .isNotEmpty()
                .hasSize(network.dropped().all() > 0 ? (int) network.dropped().all() : 1);
        assertThat(tshark(asked, "tcp.flags.syn == 1 && tcp.flags.ack == 0", "frame.interface_name"))
                .hasSize((int) network.segments().syn())
                .allMatch(line -> line.endsWith("from client"));
        assertThat(directory.resolve("result").resolve(ResultsDirectory.PACKETS))
                .hasSameBinaryContentAs(asked);
    }

    @Test
    void tlsCanBeReadWithTheSecretsInTheFile() throws Exception {
        assumeThat(TlsContext.engine())
                .as("the JDK's TLS keeps no log of secrets")
                .contains("BoringSSL");
        Path asked = directory.resolve("asked.pcapng");
        Summary summary = run(profile("tls=true", "network={}"), asked.toString());
        // A certificate (handshake type 11) is encrypted in TLS 1.3.
        assertThat(tshark(asked, "tls.handshake.type == 11", "frame.number"))
                .hasSize((int) summary.outcomes().started());
    }

    @Test
    void onlyTheSlowestConnectionIsKept() throws Exception {
        Summary summary = run(
                profile(
                        "connections=300",
                        "load={closed: {concurrency: 1}}",
                        "network={lose: [{side: client, segment: SYN, nth: 150}]}"),
                "slow:1");
        Path file = directory.resolve("result").resolve(ResultsDirectory.PACKETS);
        assertThat(summary.outcomes().started()).isEqualTo(300);
        assertThat(tshark(file, "tcp.flags.syn == 1 && tcp.flags.ack == 0", "tcp.srcport"))
                .as("the SYN that was lost and the one that was sent again")
                .hasSize(2);
        assertThat(tshark(file, "frame.comment", "frame.number")).hasSize(1);
        assertThat(Files.size(file)).isLessThan(5_000);
    }

    @Test
    void aCaptureNeedsNamespaces() {
        RunRequest request = new RunRequest(Profiles.of("""
                        connections: 1
                        load: {closed: {concurrency: 1}}
                        mix: [{name: short}]
                        """), RemoteOptions.NONE, Isolation.NONE, null, directory)
                .capturing(PcapOption.of("x.pcapng"));
        assertThatThrownBy(() -> new RunSession(request, View.NONE).run())
                .isInstanceOf(CannotRun.class)
                .hasMessage("--pcap needs an isolated network: add --isolate netns.");
    }
}
