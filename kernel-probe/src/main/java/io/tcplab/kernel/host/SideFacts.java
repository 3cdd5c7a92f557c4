package io.tcplab.kernel.host;

import io.tcplab.kernel.ProcFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is set in one network namespace: the calling thread's, when it is read.
 *
 * @param bootId names this boot of this host: an inode is unique on one host only (random(4)); absent when unknown
 * @param networkNamespace inode of the namespace (namespaces(7)); absent when unknown
 * @param sysctls values by key; absent keys are unknown to this kernel or this namespace
 * @param limits for example {@code openFilesSoft}, {@code ephemeralPorts}
 */
public record SideFacts(
        @Nullable String bootId,
        @Nullable Long networkNamespace,
        Map<String, String> sysctls,
        Map<String, String> limits) {

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

    public SideFacts {
        sysctls = Collections.unmodifiableMap(new LinkedHashMap<>(sysctls));
        limits = Collections.unmodifiableMap(new LinkedHashMap<>(limits));
    }

    /** Reads all of it for the calling thread's namespace. */
    public static SideFacts read() {
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
        return new SideFacts(readBootId(), namespaceInode(), sysctls, figures);
    }

    private static @Nullable String readBootId() {
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
