package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.KernelFigures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The overflow point of nginx, stopped for a while: its backlog= and somaxconn, whichever is less, and one more. */
@Timeout(120)
class OwnServersQueueIT {

    @ParameterizedTest
    @CsvSource({"64, 128", "512, 128", "512, 4096"})
    void theQueueHoldsTheSmallerOfBothAndOneMore(int backlog, int somaxconn) throws Exception {
        Assumptions.assumeFalse(UserNamespace.needed(), "needs CAP_SYS_ADMIN: run as root or under unshare -Ur");
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/sbin/nginx")), "needs nginx (Debian: nginx-light)");
        Summary summary = IsolatedRun.inNamespaces(ProfileReader.read(
                Path.of("..", "profiles", "servers", "nginx.yaml"),
                List.of(
                        "duration=4s",
                        "actions=[{at: 1s, signal: STOP}, {at: 2500ms, signal: CONT}]",
                        "server.environment.BACKLOG=" + backlog,
                        "sysctls.server.net.core.somaxconn=" + somaxconn)));
        KernelFigures.AcceptQueue queue = Objects.requireNonNull(
                Objects.requireNonNull(summary.kernel().server()).acceptQueue());
        assertThat(queue.limit()).isEqualTo(Math.min(backlog, somaxconn));
        assertThat(queue.peak()).isEqualTo(queue.limit() + 1);
    }
}
