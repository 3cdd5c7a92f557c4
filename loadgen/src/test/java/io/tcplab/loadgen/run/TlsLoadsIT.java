package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.companion.CloseOnAccept;
import io.tcplab.companion.ServedProtocol;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Measurement;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.TlsFigures;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every kind of load through TLS: what we count is what the companion counts. */
@OverEachTransport
@Timeout(90)
class TlsLoadsIT {

    private static Summary run(String yaml) throws Exception {
        return IsolatedRun.onHost(Profiles.of("name: tls\ntls: true\n" + yaml));
    }

    private static Map<String, Long> companion(Summary summary) {
        return Objects.requireNonNull(summary.server()).counts();
    }

    private static TlsFigures tls(Summary summary) {
        return Objects.requireNonNull(summary.tls());
    }

    @Test
    void heldConnectionsAreSecuredAndStay() throws Exception {
        Summary summary = run("""
                duration: 1500ms
                load: {hold: {connections: 40}}
                protocol: none
                mix: [{name: idle, exchanges: 0, close: {by: client, how: rst}}]
                client: {connectTimeout: 60s}
                """);
        assertThat(Objects.requireNonNull(summary.held()).lost()).isZero();
        assertThat(tls(summary).handshakes()).isEqualTo(40);
        assertThat(companion(summary)).containsEntry("tlsFull", 40L).containsEntry("tlsFailed", 0L);
    }

    @Test
    void heldConnectionsMayExchangeFirst() throws Exception {
        Summary summary = run("""
                duration: 1500ms
                load: {hold: {connections: 20}}
                protocol: echo
                mix: [{name: idle, exchanges: 3, close: {by: client, how: fin}}]
                client: {connectTimeout: 60s, exchangeTimeout: 60s}
                """);
        assertThat(Objects.requireNonNull(summary.held()).lost()).isZero();
        assertThat(summary.exchanges().answered()).isEqualTo(60);
        assertThat(tls(summary).handshakes()).isEqualTo(20);
    }

    @Test
    void aScriptIsSpokenStepByStep() throws Exception {
        try (TlsCompanion companion = new TlsCompanion(ServedProtocol.ECHO, CloseOnAccept.NONE)) {
            Measurement measured = companion.load(Profiles.of("""
                    name: script
                    connections: 50
                    load: {closed: {concurrency: 4}}
                    protocol:
                      script:
                      - send: "hello ${index}\\r\\n"
                      - expect: {until: "\\r\\n", match: "^hello [0-9]+"}
                      - loop:
                        - {name: ping, send: "PING ${exchange}\\r\\n"}
                        - {name: pong, expect: {until: "\\r\\n", match: "^PING [0-9]+"}}
                        - pause: 1ms
                      - last:
                        - send: "bye\\r\\n"
                        - expect: {until: "\\r\\n", match: "^bye"}
                    mix: [{name: talk, exchanges: 4}]
                    tls: {versions: [1.2, 1.3]}
                    client: {connectTimeout: 60s, exchangeTimeout: 60s}
                    """));
            assertThat(measured.total().outcome(ConnectionOutcome.COMPLETED))
                    .as("%s", measured.causes())
                    .isEqualTo(50);
            assertThat(measured.total().exchanges()).isEqualTo(200);
            assertThat(Objects.requireNonNull(measured.steps().get("talk"))
                            .get("pong")
                            .getTotalCount())
                    .isEqualTo(200);
            assertThat(companion.counts().tlsFull()).isEqualTo(50);
        }
    }

    @Test
    void requestsByTheClockGoOverSecuredConnections() throws Exception {
        Summary summary = run("""
                duration: 1s
                load: {requests: {rate: 100/s, connections: 5}}
                protocol: echo
                mix: [{name: kept}]
                client: {connectTimeout: 60s, exchangeTimeout: 60s}
                """);
        assertThat(tls(summary).handshakes()).isEqualTo(5);
        assertThat(summary.exchanges().answered()).isPositive();
        assertThat(summary.exchanges().errors()).isZero();
    }
}
