package io.tcplab.loadgen.compare;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.result.Environment;
import io.tcplab.loadgen.result.FinishedRun;
import io.tcplab.loadgen.watch.SideSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whether results were made on alike machines: processor, kernel, JDK, Netty, isolation, sysctls and limits. The host itself may be another
 * one, since a CI has many that are alike; the version of tcplab may, since it is often what is compared.
 */
final class SameEnvironment {

    /** What changes by itself. */
    private static final Set<String> VARYING = Set.of("conntrackCount");

    private static final int MOST = 6;

    private SameEnvironment() {}

    /** What differs between any round and the first one of the base, each once; empty where all match. */
    static List<String> mismatches(List<FinishedRun> base, List<FinishedRun> now) {
        Set<String> found = new TreeSet<>();
        Environment first = base.getFirst().environment();
        List<FinishedRun> all = new ArrayList<>(base);
        all.addAll(now);
        for (FinishedRun each : all) {
            Environment other = each.environment();
            if (first == null || other == null) {
                found.add("environment.json is missing in " + (first == null ? base.getFirst() : each).directory());
                continue;
            }
            found.addAll(differences(facts(first), facts(other)));
        }
        return found.stream().limit(MOST).toList();
    }

    private static List<String> differences(Map<String, String> first, Map<String, String> other) {
        Set<String> keys = new TreeSet<>(first.keySet());
        keys.addAll(other.keySet());
        List<String> differences = new ArrayList<>();
        for (String key : keys) {
            String a = first.getOrDefault(key, "–");
            String b = other.getOrDefault(key, "–");
            if (!a.equals(b)) {
                differences.add(key + ": " + a + " → " + b);
            }
        }
        return differences;
    }

    private static Map<String, String> facts(Environment environment) {
        Map<String, String> facts = new TreeMap<>();
        facts.put("kernel", environment.kernel());
        facts.put("cpu", environment.cpu());
        facts.put("cpus", Integer.toString(environment.cpus()));
        facts.put("jdk", environment.jdk());
        facts.put("netty", environment.netty());
        facts.put("transport", environment.transport());
        facts.put("tls", String.valueOf(environment.tls()));
        facts.put("isolation", environment.isolation());
        for (Side side : Side.values()) {
            add(facts, side, environment.of(side));
        }
        return facts;
    }

    private static void add(Map<String, String> facts, Side side, @Nullable SideSettings settings) {
        if (settings == null) {
            facts.put(side.word(), "not observed");
            return;
        }
        settings.sysctls().forEach((key, value) -> facts.put(side.word() + " " + key, value));
        settings.limits().forEach((key, value) -> {
            if (!VARYING.contains(key)) {
                facts.put(side.word() + " " + key, value);
            }
        });
    }
}
