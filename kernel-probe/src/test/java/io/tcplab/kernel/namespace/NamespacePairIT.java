package io.tcplab.kernel.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.Eventually;
import io.tcplab.kernel.HomeNamespace;
import io.tcplab.kernel.ProcFile;
import io.tcplab.kernel.Side;
import io.tcplab.kernel.host.Sysctl;
import io.tcplab.kernel.host.SysctlRefused;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NamespacePairIT {
    @Test
    void clientReachesServerOverTheCable() throws Exception {
        try (NamespacePair pair = Isolation.pair();
                ServerSocket server = pair.server().call(() -> new ServerSocket(0, 5, pair.serverAddress()));
                Socket client = pair.client().call(() -> new Socket(pair.serverAddress(), server.getLocalPort()));
                Socket accepted = server.accept()) {
            assertThat(client.getLocalAddress()).isEqualTo(pair.clientAddress());
            accepted.getOutputStream().write(7);
            assertThat(client.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void aProgramThatFailsIsNamedWithWhatItPrinted() throws Exception {
        try (NetworkNamespace namespace = Isolation.single()) {
            assertThatThrownBy(() -> Programs.run(namespace, "nonsense\n", "ip", "-batch", "-"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("ip -batch -: ")
                    .hasMessageContaining("nonsense");
            assertThat(Programs.run(namespace, "", "ip", "-br", "addr")).startsWith("lo");
        }
    }

    @Test
    void aProgramThatIsMissingIsNamed() {
        assertThatThrownBy(() -> Programs.run(null, "", "no-such-program-anywhere"))
                .isInstanceOf(IOException.class)
                .hasMessage("the program no-such-program-anywhere is missing");
    }

    @Test
    void clientGetsMoreAddresses() throws Exception {
        try (NamespacePair pair = Isolation.pair()) {
            pair.addClientAddress("198.18.0.11");
            try (ServerSocket server = pair.server().call(() -> new ServerSocket(0));
                    Socket client = pair.client().call(() -> {
                        Socket socket = new Socket();
                        socket.bind(new InetSocketAddress("198.18.0.11", 0));
                        socket.connect(new InetSocketAddress("198.18.0.2", server.getLocalPort()));
                        return socket;
                    })) {
                assertThat(client.getLocalAddress().getHostAddress()).isEqualTo("198.18.0.11");
            }
            assertThatThrownBy(() -> pair.addClientAddress("198.18.0.11")).hasMessageContaining("198.18.0.11");
        }
    }

    @Test
    void sysctlsOfOneSideChangeNothingElse() throws Exception {
        Map<String, String> before = everySetting();
        try (NamespacePair pair = Isolation.pair()) {
            Map<String, String> wanted = new LinkedHashMap<>();
            wanted.put("net.ipv4.tcp_tw_reuse", "1");
            wanted.put("net/ipv4/ip_local_port_range", "40000 40099");
            wanted.put("net.core.somaxconn", "17");
            assertThat(pair.setSysctls(Side.CLIENT, wanted)).isEqualTo(wanted);
            assertThat(pair.client().call(() -> Sysctl.read("net.core.somaxconn")))
                    .contains("17");
            assertThat(pair.server().call(() -> Sysctl.read("net.core.somaxconn")))
                    .isEqualTo(Sysctl.read("net.core.somaxconn"));
        }
        assertThat(everySetting()).isEqualTo(before);
    }

    /** But for those of devices, which other programs may make and remove meanwhile, and for what is a count. */
    private static Map<String, String> everySetting() throws IOException {
        Map<String, String> settings = new TreeMap<>();
        try (Stream<Path> files = Files.walk(Path.of("/proc/sys/net"))) {
            files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains("/conf/")
                            && !file.toString().contains("/neigh/")
                            && !file.toString().contains("nf_conntrack_count"))
                    .forEach(file ->
                            ProcFile.readIfPresent(file).ifPresent(text -> settings.put(file.toString(), text)));
        }
        return settings;
    }

    @Test
    void refusedSettingSaysWhyAndWhatItHolds() throws Exception {
        try (NetworkNamespace namespace = Isolation.single()) {
            assertThat(refusal(namespace, "net.ipv4.tcp_no_such_thing", "1").reason())
                    .isEqualTo(SysctlRefused.Reason.ABSENT);
            SysctlRefused invalid = refusal(namespace, "net.ipv4.tcp_tw_reuse", "9");
            assertThat(invalid.reason()).isEqualTo(SysctlRefused.Reason.INVALID);
            assertThat(invalid.readBack()).isPresent();
            assertThat(invalid).hasMessageContaining("net.ipv4.tcp_tw_reuse=9");
        }
    }

    private static SysctlRefused refusal(NetworkNamespace namespace, String key, String value) {
        try {
            NamespacePair.setSysctls(namespace, Map.of(key, value));
        } catch (SysctlRefused e) {
            return e;
        }
        throw new AssertionError(key + "=" + value + " was taken");
    }

    @Test
    void threadsAndProcessesFromInsideAreBornInside() throws Exception {
        try (NetworkNamespace namespace = Isolation.single()) {
            String inside = namespace.call(HomeNamespace::here);
            assertThat(inside).isNotEqualTo(HomeNamespace.here());
            assertThat(namespace.call(() -> on(Thread.ofPlatform().factory(), HomeNamespace::here)))
                    .isEqualTo(inside);
            Process process = namespace.start(new ProcessBuilder("readlink", "/proc/self/ns/net"));
            assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(inside + "\n");
        }
    }

    private static String on(ThreadFactory threads, Callable<String> work) {
        CompletableFuture<String> result = new CompletableFuture<>();
        threads.newThread(() -> {
                    try {
                        result.complete(work.call());
                    } catch (Exception e) {
                        result.completeExceptionally(e);
                    }
                })
                .start();
        return result.join();
    }

    @Test
    void closedNamespaceIsGone() throws Exception {
        NamespacePair pair = Isolation.pair();
        Path path = Path.of(pair.client().path());
        String inside = pair.client().call(HomeNamespace::here);
        assertThat(ownNamespaces()).contains(inside);
        pair.close();
        // Not even the thread by which the JVM waits for a process that ran inside may stay there.
        assertThat(Eventually.read(
                        NamespacePairIT::ownNamespaces,
                        used -> Set.of(HomeNamespace.name()).equals(Set.copyOf(used))))
                .containsOnly(HomeNamespace.name());
        assertThat(Eventually.read(() -> Files.exists(path), exists -> !exists)).isFalse();
        assertThatThrownBy(() -> pair.client().call(() -> 1)).isInstanceOf(IllegalStateException.class);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("netns-"));
    }

    /** The namespaces that threads of this process are in. */
    private static List<String> ownNamespaces() {
        List<String> names = new ArrayList<>();
        for (String thread : Objects.requireNonNull(new File("/proc/self/task").list())) {
            try {
                names.add(Files.readSymbolicLink(Path.of("/proc/self/task", thread, "ns/net"))
                        .toString());
            } catch (IOException _) {
                // The thread has ended.
            }
        }
        return names;
    }

    @Test
    void whatIsThrownInsideComesOut() throws Exception {
        try (NetworkNamespace namespace = Isolation.single()) {
            assertThatThrownBy(() -> namespace.run(() -> {
                        throw new IOException("from inside");
                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessage("from inside");
            assertThat(namespace.call(() -> "still there")).isEqualTo("still there");
        }
    }
}
