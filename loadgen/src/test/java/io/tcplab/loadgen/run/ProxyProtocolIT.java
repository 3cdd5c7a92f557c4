package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tcplab.kernel.namespace.Programs;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.result.Summary;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PROXY protocol headers, as nginx and HAProxy read them. */
@OverEachTransport
@Timeout(60)
class ProxyProtocolIT {

    @TempDir
    private Path directory;

    private Summary run(String version, String command) throws Exception {
        int port;
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = any.getLocalPort();
        }
        return IsolatedRun.onHost(Profiles.of("""
                connections: 200
                load: {open: {rate: 200/s}}
                mix: [{name: get, exchanges: 2}]
                protocol: http
                client: {proxyProtocol: %s, sources: [127.0.0.5]}
                server:
                  port: %d
                  directory: %s
                  command: |
                """.formatted(version, port, directory) + command.indent(4)));
    }

    private static void assumeProgram(String name) {
        assumeTrue(Programs.find(name).isPresent(), name + " is not installed");
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(directory.resolve("log"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2"})
    void nginxReadsBothEndsOfEachConnection(String version) throws Exception {
        assumeProgram("nginx");
        Summary summary = run(version, """
                cat > nginx.conf <<CONF
                daemon off; pid nginx.pid; error_log stderr; user root; worker_processes 1; events {}
                http {
                  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi;
                  scgi_temp_path scgi;
                  log_format ends '\\$proxy_protocol_addr \\$proxy_protocol_port \\$remote_addr \\$remote_port';
                  access_log log ends;
                  server { listen 127.0.0.1:$TCPLAB_PORT proxy_protocol; location / { return 200 "hello"; } }
                }
                CONF
                exec nginx -p "$PWD" -c "$PWD/nginx.conf"
                """);
        assertThat(summary.outcomes().count(ConnectionOutcome.COMPLETED)).isEqualTo(200);
        assertThat(lines()).hasSize(400).allSatisfy(line -> {
            String[] ends = line.split(" ");
            assertThat(ends[0]).isEqualTo("127.0.0.5").isEqualTo(ends[2]);
            assertThat(ends[1]).isEqualTo(ends[3]);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2"})
    void haproxyAcceptsIt(String version) throws Exception {
        assumeProgram("haproxy");
        Summary summary = run(version, """
                cat > haproxy.cfg <<CONF
                global
                  nbthread 1
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 60s
                  timeout server 60s
                frontend tcplab
                  bind 127.0.0.1:$TCPLAB_PORT accept-proxy
                  http-request return status 200 content-type text/plain string "hello"
                CONF
                exec haproxy -db -f haproxy.cfg
                """);
        assertThat(summary.outcomes().count(ConnectionOutcome.COMPLETED)).isEqualTo(200);
    }

    @Test
    void anUnknownCongestionControlIsRefusedByName() {
        assertThatThrownBy(() -> IsolatedRun.onHost(Profiles.of("""
                        connections: 1
                        load: {closed: {concurrency: 1}}
                        mix: [{name: one}]
                        client: {congestion: nosuch}
                        """)))
                .isInstanceOf(CannotRun.class)
                .hasMessageContaining(
                        "client.congestion nosuch is refused by setsockopt(TCP_CONGESTION): ENOENT; this kernel has ");
    }
}
