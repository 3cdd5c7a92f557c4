package io.tcplab.loadgen.run;

import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.plan.CannotRun;
import java.io.IOException;

/** Where target and generator run. */
public enum Isolation {
    /** Where this process is. */
    NONE,
    /** Each in a network namespace of its own, joined by a veth pair. */
    NETNS,
    /** Both in one network namespace of their own, on 127.0.0.1. */
    LOOPBACK;

    /** An ordinary user's process replaces itself by one that may make namespaces; root's goes on. */
    public void enter() throws CannotRun {
        if (this == NONE) {
            return;
        }
        try {
            UserNamespace.reexecIfNeeded();
        } catch (IOException e) {
            throw new CannotRun(
                    UserNamespace.obstacle()
                            .orElse("A user namespace cannot be created: " + e.getMessage() + "; run as root."),
                    e);
        }
    }
}
