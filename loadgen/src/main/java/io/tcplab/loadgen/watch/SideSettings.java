package io.tcplab.loadgen.watch;

import io.tcplab.kernel.host.SideFacts;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One side's namespace and settings, as {@code environment.json} shows them.
 *
 * @param host boot id or name of the host: an inode is unique on one host only
 * @param networkNamespace inode of its network namespace (namespaces(7)); absent when unknown
 * @param facts anything else worth knowing, in the order in which it is shown
 * @param sysctls as read back, by key
 * @param limits for example {@code openFiles}, {@code localPorts}
 */
public record SideSettings(
        @Nullable String host,
        @Nullable Long networkNamespace,
        Map<String, String> facts,
        Map<String, String> sysctls,
        Map<String, String> limits) {

    public SideSettings {
        facts = ordered(facts);
        sysctls = ordered(sysctls);
        limits = ordered(limits);
    }

    /** Reads the side whose namespace is the calling thread's. */
    public static SideSettings here() {
        return of(SideFacts.read());
    }

    /** A side as it was read here or reported by another host. */
    public static SideSettings of(SideFacts facts) {
        return new SideSettings(facts.bootId(), facts.networkNamespace(), Map.of(), facts.sysctls(), facts.limits());
    }

    /** Whether both are one network namespace of one host. */
    public boolean isOf(SideSettings other) {
        return networkNamespace != null
                && networkNamespace.equals(other.networkNamespace)
                && Objects.equals(host, other.host);
    }

    /** Names its network namespace as no other host's is named; null where that is not known. */
    public @Nullable String namespace() {
        return networkNamespace == null ? null : host + " " + networkNamespace;
    }

    private static Map<String, String> ordered(@Nullable Map<String, String> map) {
        return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
