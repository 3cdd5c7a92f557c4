package io.tcplab.loadgen.plan;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A profile on its way to being another: what a run may vary can be set, all else is as it was. */
final class ProfileCopy {

    private final Profile whole;
    long warmupNanos;
    long durationNanos;
    long connections;

    @Nullable
    Long seed;

    Load load;
    List<MixMember> mix;
    ClientOptions client;
    ServerOptions server;
    Map<String, String> clientSysctls;
    Map<String, String> serverSysctls;

    @Nullable
    Network network;

    List<Action> actions;
    List<Threshold> thresholds;

    ProfileCopy(Profile whole) {
        this.whole = whole;
        warmupNanos = whole.warmupNanos();
        durationNanos = whole.durationNanos();
        connections = whole.connections();
        seed = whole.seed();
        load = whole.load();
        mix = whole.mix();
        client = whole.client();
        server = whole.server();
        clientSysctls = whole.clientSysctls();
        serverSysctls = whole.serverSysctls();
        network = whole.network();
        actions = whole.actions();
        thresholds = whole.thresholds();
    }

    Profile made() {
        return new Profile(
                whole.name(),
                whole.description(),
                whole.target(),
                whole.targets(),
                warmupNanos,
                durationNanos,
                connections,
                seed,
                load,
                mix,
                whole.protocol(),
                whole.tls(),
                client,
                server,
                clientSysctls,
                serverSysctls,
                network,
                whole.faults(),
                actions,
                whole.observeIntervalNanos(),
                thresholds);
    }
}
