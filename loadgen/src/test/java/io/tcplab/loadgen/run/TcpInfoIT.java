package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.TcpInfoFigures;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the kernel knew of connections when they closed, against what was said on them. */
@OverEachTransport
@Timeout(60)
class TcpInfoIT {

    private static final int CONNECTIONS = 300;
    private static final int FIRST = 256;

    private static Summary run(String more, String member) throws Exception {
        return IsolatedRun.onHost(Profiles.of("""
                name: tcp-info
                connections: %d
                load: {closed: {concurrency: 4}}
                protocol: echo
                mix: [{name: only, exchanges: 3, request: 1000B, %s}]
                %s
                """.formatted(CONNECTIONS, member, more)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "close: {by: client, how: fin}",
                "close: {by: client, how: rst}",
                "close: {by: client, how: half-close}",
                "close: {by: client, how: linger 1s}"
            })
    void theBytesOfEachConnectionAreThoseThatWereSaid(String close) throws Exception {
        Summary summary = run("client: {tcpInfo: 1}", close);

        assertThat(summary.outcomes().count(ConnectionOutcome.COMPLETED))
                .as("%s", summary.causes())
                .isEqualTo(CONNECTIONS);
        TcpInfoFigures info = Objects.requireNonNull(summary.tcpInfo());
        assertThat(info.sampled()).isEqualTo(CONNECTIONS);
        assertThat(info.sentBytes().min()).isBetween(2_998L, 3_002L);
        assertThat(info.sentBytes().max()).isBetween(2_998L, 3_002L);
        assertThat(info.receivedBytes().min()).isBetween(2_998L, 3_002L);
        assertThat(info.rtt().count()).isEqualTo(CONNECTIONS);
        assertThat(Objects.requireNonNull(info.minRtt().maxMicros()))
                .isLessThanOrEqualTo(Objects.requireNonNull(info.rtt().maxMicros()));
    }

    @Test
    void theFirstAreAskedAllAndThenOneOfSoMany() throws Exception {
        TcpInfoFigures info = Objects.requireNonNull(run("", "weight: 1").tcpInfo());
        assertThat(info.oneIn()).isEqualTo(64);
        // Those behind the first 256: at 256 alone.
        assertThat(info.sampled()).isEqualTo(FIRST + 1);
    }

    @Test
    void noneIsAskedWhereTheProfileSaysSo() throws Exception {
        assertThat(run("client: {tcpInfo: 0}", "weight: 1").tcpInfo()).isNull();
    }
}
