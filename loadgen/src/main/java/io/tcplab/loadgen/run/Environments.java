package io.tcplab.loadgen.run;

import io.netty.util.Version;
import io.tcplab.kernel.ProcFile;
import io.tcplab.kernel.host.HostFacts;
import io.tcplab.kernel.host.Limits;
import io.tcplab.kernel.host.Sysctl;
import io.tcplab.loadgen.report.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers {@code environment.json}. */
final class Environments {

    /** The settings that decide what a TCP experiment shows; see ip-sysctl. */
    private static final List<String> SYSCTLS = List.of(
            "net.core.somaxconn",
            "net.ipv4.ip_local_port_range",
            "net.ipv4.ip_local_reserved_ports",
            "net.ipv4.tcp_tw_reuse",
            "net.ipv4.tcp_tw_reuse_delay",
            "net.ipv4.tcp_fin_timeout",
            "net.ipv4.tcp_max_tw_buckets",
            "net.ipv4.tcp_timestamps",
            "net.ipv4.tcp_syncookies",
            "net.ipv4.tcp_max_syn_backlog",
            "net.ipv4.tcp_abort_on_overflow",
            "net.ipv4.tcp_syn_retries",
            "net.ipv4.tcp_synack_retries",
            "net.ipv4.tcp_syn_linear_timeouts",
            "net.ipv4.tcp_fastopen",
            "net.ipv4.tcp_keepalive_time",
            "net.ipv4.tcp_keepalive_intvl",
            "net.ipv4.tcp_keepalive_probes",
            "net.ipv4.tcp_congestion_control");

    private Environments() {}

    /** The environment of a run whose generator's namespace is the calling thread's. */
    static Environment of(Measurement measured, RunRequest.Isolation isolation, Environment.@Nullable Side server) {
        HostFacts host = HostFacts.read();
        String version = Environments.class.getPackage().getImplementationVersion();
        return new Environment(
                version == null ? "not packaged" : version,
                host.kernelRelease(),
                host.cpuModel().orElse(System.getProperty("os.arch", "unknown")),
                host.cpus(),
                System.getProperty("java.runtime.version") + ", " + System.getProperty("java.vendor"),
                netty(),
                measured.epoll() ? "epoll" : "nio",
                isolation.name().toLowerCase(Locale.ROOT),
                side(),
                server,
                List.of());
    }

    private static String netty() {
        Version version = Version.identify().get("netty-transport");
        return version == null ? "unknown" : version.artifactVersion();
    }

    /** The side whose namespace is the calling thread's. */
    static Environment.Side side() {
        Map<String, String> sysctls = new LinkedHashMap<>();
        for (String key : SYSCTLS) {
            Sysctl.read(key).ifPresent(value -> sysctls.put(key, value));
        }
        Limits limits = Limits.read();
        Map<String, String> figures = new LinkedHashMap<>();
        figures.put("openFilesSoft", Long.toString(limits.softDescriptors()));
        figures.put("openFilesHard", Long.toString(limits.hardDescriptors()));
        limits.ephemeralPorts().ifPresent(ports -> figures.put("ephemeralPorts", Integer.toString(ports)));
        limits.somaxconn().ifPresent(most -> figures.put("somaxconn", Long.toString(most)));
        limits.conntrackMax().ifPresent(most -> figures.put("conntrackMax", Long.toString(most)));
        limits.conntrackCount().ifPresent(count -> figures.put("conntrackCount", Long.toString(count)));
        return new Environment.Side(bootId(), namespaceInode(), Map.of(), sysctls, figures);
    }

    private static @Nullable String bootId() {
        return ProcFile.readIfPresent(Path.of("/proc/sys/kernel/random/boot_id"))
                .map(String::strip)
                .orElse(null);
    }

    /** The link reads {@code net:[4026531840]} (namespaces(7)). */
    private static @Nullable Long namespaceInode() {
        try {
            String link =
                    Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
            return Long.valueOf(link.replaceAll("[^0-9]", ""));
        } catch (IOException | NumberFormatException _) {
            return null;
        }
    }
}
