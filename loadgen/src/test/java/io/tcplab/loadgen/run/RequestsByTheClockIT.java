package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tcplab.kernel.namespace.Programs;
import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.Reconciled;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Verdict;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Exchanges by the clock over connections that are kept. */
@OverEachTransport
@Timeout(60)
class RequestsByTheClockIT {

    private static Summary run(String load, String more) throws Exception {
        return IsolatedRun.onHost(profile(load, more));
    }

    private static Profile profile(String load, String more) {
        return Profiles.of("""
                duration: 2s
                load: {requests: %s}
                %s
                """.formatted(load, more.contains("mix:") ? more : "mix: [{name: get}]\n" + more));
    }

    @Test
    void asManyExchangesAsTheClockSaysOverAsManyConnections() throws Exception {
        assumeTrue(UserNamespace.obstacle().isEmpty(), "no network namespaces here");
        Summary summary = IsolatedRun.inNamespaces(profile("{rate: 1000/s, connections: 50}", ""));
        assertThat(summary.outcomes().started()).isEqualTo(50);
        assertThat(summary.outcomes().count(ConnectionOutcome.COMPLETED)).isEqualTo(50);
        assertThat(summary.latencies().of(Metric.RESPONSE).count()).isBetween(1_950L, 2_000L);
        assertThat(Objects.requireNonNull(summary.server()).counts().get("exchanges"))
                .isEqualTo(summary.latencies().of(Metric.RESPONSE).count());
        assertThat(summary.reconciliation()).allMatch(Reconciled::agrees);
    }

    /** Two connections at 20 ms an exchange answer 100 a second of 500: the wait for a free one is the requests'. */
    @Test
    void whatWaitsForAFreeConnectionCountsFromWhenItWasDue() throws Exception {
        assumeTrue(Programs.find("python3").isPresent(), "python3 is not installed");
        Summary summary = run("{rate: 500/s, connections: 2}", """
                protocol: http
                server:
                  port: 18431
                  ready: {log: ready}
                  readyTimeout: 30s
                  command: |
                    exec python3 -u -c '
                    import http.server, os, time
                    class Slow(http.server.BaseHTTPRequestHandler):
                        protocol_version = "HTTP/1.1"
                        def do_GET(self):
                            time.sleep(0.02)
                            self.send_response(200); self.send_header("Content-Length", "2"); self.end_headers(); self.wfile.write(b"ok")
                        def log_message(self, *a): pass
                    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["TCPLAB_PORT"])), Slow)
                    print("ready"); server.serve_forever()'
                """);
        double serviceP50 =
                Objects.requireNonNull(summary.latencies().of(Metric.SERVICE).p50Micros());
        double responseP50 =
                Objects.requireNonNull(summary.latencies().of(Metric.RESPONSE).p50Micros());
        assertThat(serviceP50).isGreaterThan(20_000);
        assertThat(responseP50).isGreaterThan(10 * serviceP50);
        assertThat(summary.outcomes().balances()).isTrue();
        assertThat(summary.warnings())
                .as("the requests that never had their turn")
                .extracting(Verdict.Warning::code)
                .contains("requestRateNotReached");
    }

    @Test
    void oneConnectionTakesAllRequestsHoweverManyLoopsThereAre() throws Exception {
        Summary summary = run("{rate: 200/s, connections: 1}", "client: {eventLoops: 2}");
        assertThat(summary.outcomes().count(ConnectionOutcome.COMPLETED)).isEqualTo(1);
        // None is due behind the end, however late that is; one may be in progress there, and keep others back.
        assertThat(summary.latencies().of(Metric.RESPONSE).count()).isBetween(390L, 400L);
    }

    @Test
    void aConnectionThatEndsIsReplaced() throws Exception {
        Summary summary = run("{rate: 200/s, connections: 4}", "mix: [{name: get, lifetime: 200ms}]");
        assertThat(summary.outcomes().started()).isGreaterThan(20);
        assertThat(summary.outcomes().errors()).isZero();
        assertThat(summary.latencies().of(Metric.RESPONSE).count()).isGreaterThan(350);
    }
}
