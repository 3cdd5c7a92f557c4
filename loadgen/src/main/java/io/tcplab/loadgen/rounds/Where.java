package io.tcplab.loadgen.rounds;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.rounds.docker.ContainerPlace;
import io.tcplab.loadgen.run.Isolation;
import io.tcplab.loadgen.run.RemoteOptions;

/** Where runs are made, as {@code --isolate} names it. */
public enum Where {
    /** On this host, whose sysctls are never changed; the only place from which a target can be reached. */
    NONE,
    /** In fresh network namespaces. */
    NETNS,
    /** In fresh containers of this host's Docker engine. */
    DOCKER;

    /** Makes it ready; an ordinary user's process may replace itself for it. */
    public RoundPlace open(RemoteOptions remote) throws CannotRun {
        return switch (this) {
            case NONE -> new NamespacePlace(remote);
            case NETNS -> {
                Isolation.NETNS.enter();
                yield new NamespacePlace(remote);
            }
            case DOCKER -> ContainerPlace.open();
        };
    }

    /** Whether target and generator have networks of their own there. */
    public Isolation isolation() {
        return this == NONE ? Isolation.NONE : Isolation.NETNS;
    }
}
