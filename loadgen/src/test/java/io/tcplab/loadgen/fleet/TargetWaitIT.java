package io.tcplab.loadgen.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.run.RemoteOptions;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an engine starts at the same time as generators may come later than they do. */
@Timeout(60)
class TargetWaitIT {

    /** Reaches this host, and is not known to. */
    private static final String ELSEWHERE = "0.0.0.0";

    @TempDir
    private Path home;

    @Test
    void whatObservesTheTargetIsWaitedForAsTheTargetIs() throws Exception {
        Profile profile = ProfileReader.read(
                Files.writeString(
                        home.resolve("profile.yaml"),
                        "duration: 1s\nload: {open: {rate: 10/s}}\nmix: [{name: a}]\ntarget: 127.0.0.1:9\n"),
                List.of());
        int port;
        try (ServerSocket any = new ServerSocket(0)) {
            port = any.getLocalPort();
        }
        RemoteOptions remote = new RemoteOptions(new Endpoint(ELSEWHERE, port), null, List.of(), false);
        CompletableFuture<Void> waiting =
                CompletableFuture.runAsync(() -> TargetWait.until(profile, remote, Leader.NOBODY));
        try (ServerSocket observer = new ServerSocket(port)) {
            observer.setSoTimeout(20_000);
            try (Socket asked = observer.accept()) {
                assertThat(asked.getInetAddress().isLoopbackAddress()).isTrue();
            }
        }
        waiting.get(20, TimeUnit.SECONDS);
    }
}
