package io.tcplab.kernel.namespace;

import io.tcplab.kernel.ProcFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds out why namespaces cannot be made, from the settings that forbid it (user_namespaces(7), namespaces(7)). */
final class Obstacle {
    private Obstacle() {}

    static Optional<String> find(boolean userNamespaceNeeded) {
        Optional<String> program = missingProgram(userNamespaceNeeded);
        if (program.isPresent()) {
            return program;
        }
        return userNamespaceNeeded ? asOrdinaryUser() : asRoot();
    }

    private static Optional<String> missingProgram(boolean userNamespaceNeeded) {
        if (Programs.find("ip").isEmpty()) {
            return Optional.of("The program ip is missing; install iproute2.");
        }
        if (Programs.find("nsenter").isEmpty()) {
            return Optional.of("The program nsenter is missing; install util-linux.");
        }
        return userNamespaceNeeded && Programs.find("unshare").isEmpty()
                ? Optional.of("The program unshare is missing; install util-linux, or run as root.")
                : Optional.empty();
    }

    private static Optional<String> asRoot() {
        try (NetworkNamespace _ = NetworkNamespace.create("probe")) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("A network namespace cannot be created (" + e.getMessage() + "); "
                    + (isZero("/proc/sys/user/max_net_namespaces")
                            ? "raise user.max_net_namespaces above 0."
                            : "in a container add --cap-add SYS_ADMIN --cap-add NET_ADMIN."));
        }
    }

    private static Optional<String> asOrdinaryUser() {
        String unshare = Programs.find("unshare").orElse("unshare");
        // With a new network namespace as well: AppArmor lets the first be made and then denies its capabilities.
        if (UserNamespace.succeeds(List.of(unshare, "-U", "-r", "-n", "--", "true"))) {
            return Optional.empty();
        }
        return Optional.of("A user namespace cannot be created here; " + remedy());
    }

    private static String remedy() {
        if (isZero("/proc/sys/user/max_user_namespaces")) {
            return "user.max_user_namespaces is 0: raise it, or run as root.";
        }
        if (isZero("/proc/sys/kernel/unprivileged_userns_clone")) {
            return "kernel.unprivileged_userns_clone is 0: set it to 1, or run as root.";
        }
        if (holds("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1")) {
            return "kernel.apparmor_restrict_unprivileged_userns is 1: set it to 0, or run as root.";
        }
        return ProcFile.read(Path.of("/proc/thread-self/status")).contains("Seccomp:\t2")
                ? "a seccomp filter forbids it: run the container with --security-opt seccomp=unconfined."
                : "run as root.";
    }

    private static boolean isZero(String file) {
        return holds(file, "0");
    }

    private static boolean holds(String file, String value) {
        return ProcFile.readIfPresent(Path.of(file))
                .map(text -> text.strip().equals(value))
                .orElse(false);
    }
}
