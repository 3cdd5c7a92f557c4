package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.companion.CloseOnAccept;
import io.tcplab.companion.CompanionCounts;
import io.tcplab.companion.ServedProtocol;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Measurement;
import io.tcplab.loadgen.record.TlsTally;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to close a connection goes with every way to end TLS, and client and companion count the same handshakes. */
@OverEachTransport
@Timeout(60)
class TlsClosesIT {

    private static final int CONNECTIONS = 50;

    static Stream<Arguments> closes() {
        return Stream.of("fin", "rst", "half-close", "linger 1s", "abandon")
                .flatMap(how -> Stream.of("client", "server")
                        .flatMap(
                                by -> Stream.of("send", "skip", "await").map(notify -> Arguments.of(how, by, notify))));
    }

    @ParameterizedTest
    @MethodSource("closes")
    void everyCloseGoesWithEveryCloseNotify(String how, String by, String notify) throws Exception {
        boolean lost = how.equals("rst") && by.equals("server"); // what an RST overtakes is lost
        try (TlsCompanion companion = new TlsCompanion(ServedProtocol.TCPLAB, CloseOnAccept.NONE)) {
            Measurement measured =
                    companion.load(Profiles.of("""
                    name: closes
                    connections: %d
                    load: {closed: {concurrency: 4}}
                    mix: [{name: only, exchanges: 3, request: 40kB, response: %s, close: {how: %s, by: %s}}]
                    tls: {resume: 50%%, closeNotify: %s}
                    """.formatted(CONNECTIONS, lost ? "1kB" : "100kB", how, by, notify)));
            boolean stays = how.equals("abandon") && by.equals("client");
            ConnectionOutcome planned = stays ? ConnectionOutcome.OPEN_AT_END : ConnectionOutcome.COMPLETED;
            assertThat(measured.total().outcome(planned))
                    .as("%s", measured.causes())
                    .isEqualTo(CONNECTIONS);
            assertThat(measured.causes()).isEmpty();
            TlsTally.Reading tls = Objects.requireNonNull(measured.tls());
            CompanionCounts counts = companion.counts();
            assertThat(List.of(tls.handshakes(), tls.resumed())).isEqualTo(List.of(50L, 25L));
            assertThat(List.of(counts.tlsFull(), counts.tlsResumed(), counts.tlsFailed()))
                    .isEqualTo(List.of(25L, 25L, 0L));
            assertThat(counts.exchanges()).isEqualTo(3 * CONNECTIONS);
            assertThat(counts.badFrames()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"echo, ECHO, 2", "http, HTTP, 2", "none, NONE, 0"})
    void everyProtocolIsSpokenThroughTls(String protocol, ServedProtocol served, int exchanges) throws Exception {
        for (String version : List.of("1.2", "1.3")) {
            try (TlsCompanion companion = new TlsCompanion(served, CloseOnAccept.NONE)) {
                Measurement measured =
                        companion.load(Profiles.of("""
                        name: protocols
                        connections: %d
                        load: {closed: {concurrency: 4}}
                        protocol: %s
                        mix: [{name: only, exchanges: %d, think: 2ms}]
                        tls: {resume: 80%%, versions: %s}
                        """.formatted(CONNECTIONS, protocol, Math.max(1, exchanges), version)
                                .replace(exchanges == 0 ? "exchanges: 1, think: 2ms" : "\0", "close: {by: client}")));
                assertThat(measured.total().outcome(ConnectionOutcome.COMPLETED))
                        .as("%s", measured.causes())
                        .isEqualTo(CONNECTIONS);
                TlsTally.Reading tls = Objects.requireNonNull(measured.tls());
                assertThat(tls.version()).isEqualTo("TLSv" + version);
                assertThat(List.of(tls.handshakes(), tls.resumed())).isEqualTo(List.of(50L, 40L));
                assertThat(companion.counts().tlsResumed()).isEqualTo(40);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"fin", "rst"})
    void aServerThatClosesRightAfterTheHandshakeCompletesConnections(String how) throws Exception {
        try (TlsCompanion companion = new TlsCompanion(ServedProtocol.NONE, CloseOnAccept.parse(how))) {
            Measurement measured = companion.load(Profiles.of("""
                    name: silent
                    connections: %d
                    load: {closed: {concurrency: 4}}
                    protocol: none
                    mix: [{name: only, close: {by: server, how: %s}}]
                    tls: true
                    """.formatted(CONNECTIONS, how)));
            assertThat(measured.total().outcome(ConnectionOutcome.COMPLETED))
                    .as("%s", measured.causes())
                    .isEqualTo(CONNECTIONS);
        }
    }
}
