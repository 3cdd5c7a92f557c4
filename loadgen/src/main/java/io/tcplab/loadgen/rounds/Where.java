package io.tcplab.loadgen.rounds;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.rounds.docker.ContainerPlace;
import io.tcplab.loadgen.run.Isolation;
import io.tcplab.loadgen.run.RemoteOptions;
import io.tcplab.loadgen.view.View;

/** Where runs are made, as {@code --isolate} names it. */
public enum Where {
    /** On this host, whose sysctls are never changed; the only place from which a target can be reached. */
    NONE,
    /** In fresh network namespaces. */
    NETNS,
    /** In fresh containers of this host's Docker engine. */
    DOCKER;

    /** Makes it ready; an ordinary user's process may replace itself for it. */
    public RoundPlace open(RemoteOptions remote, View view) throws CannotRun {
        return switch (this) {
            case NONE -> new NamespacePlace(remote, view);
            case NETNS -> {
                RemoteOptions isolated = remote.inIsolation();
                Isolation.NETNS.enter();
                yield new NamespacePlace(isolated, view);
            }
            case DOCKER -> {
                RemoteOptions _ = remote.inIsolation();
                yield ContainerPlace.open(view);
            }
        };
    }

    /** Whether target and generator have networks of their own there. */
    public Isolation isolation() {
        return this == NONE ? Isolation.NONE : Isolation.NETNS;
    }
}
