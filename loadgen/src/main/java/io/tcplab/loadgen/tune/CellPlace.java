package io.tcplab.loadgen.tune;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.rounds.NamespacePlace;
import io.tcplab.loadgen.rounds.RoundPlace;
import io.tcplab.loadgen.rounds.docker.ContainerPlace;
import io.tcplab.loadgen.run.Isolation;
import io.tcplab.loadgen.run.RemoteOptions;

/** Where cells run. */
public enum CellPlace {
    /** On this host, whose sysctls are never changed; the only place from which a target can be reached. */
    NONE,
    /** In fresh network namespaces. */
    NETNS,
    /** In fresh containers of this host's Docker engine. */
    DOCKER;

    RoundPlace open(RemoteOptions remote) throws CannotRun {
        return switch (this) {
            case NONE -> new NamespacePlace(remote);
            case NETNS -> {
                Isolation.NETNS.enter();
                yield new NamespacePlace(remote);
            }
            case DOCKER -> ContainerPlace.open();
        };
    }

    Isolation of(Cell cell) {
        return this == NONE ? Isolation.NONE : cell.isolation();
    }
}
