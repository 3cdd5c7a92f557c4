package io.tcplab.loadgen.rounds.docker;

import io.tcplab.kernel.host.Sysctl;
import io.tcplab.loadgen.plan.CannotRun;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The sysctls of a running container's network namespace, as a shell in it reads them. */
final class ContainerSysctls {

    /** Prints KEY=VALUE for each key of the arguments that this namespace has. */
    private static final String READ_SYSCTLS =
            "for key; do file=/proc/sys/$(echo \"$key\" | tr . /); [ ! -r \"$file\" ] ||"
                    + " echo \"$key=$(tr '\\t' ' ' < \"$file\")\"; done";

    private final RunningContainer container;

    ContainerSysctls(RunningContainer container) {
        this.container = container;
    }

    /** What was asked for must be what is read inside. */
    void verify(Map<String, String> asked) throws CannotRun {
        Map<String, String> readBack = read(asked.keySet());
        for (Map.Entry<String, String> each : asked.entrySet()) {
            String now = readBack.getOrDefault(each.getKey(), "absent");
            if (!Sysctl.normalise(now).equals(Sysctl.normalise(each.getValue()))) {
                throw new CannotRun("The sysctl " + each.getKey() + " was set to " + each.getValue() + " but the "
                        + container.role + "'s container reads " + now + ": this kernel does not accept that value.");
            }
        }
    }

    /** Reads these sysctls inside; those that it lacks have no entry. */
    Map<String, String> read(Collection<String> keys) throws CannotRun {
        Map<String, String> values = new HashMap<>();
        if (keys.isEmpty()) {
            return values;
        }
        List<String> command = new ArrayList<>(List.of("sh", "-c", READ_SYSCTLS, "sysctls"));
        command.addAll(keys);
        container.call(command).getStdout().lines().forEach(line -> {
            int equals = line.indexOf('=');
            values.put(line.substring(0, equals), line.substring(equals + 1));
        });
        return values;
    }
}
