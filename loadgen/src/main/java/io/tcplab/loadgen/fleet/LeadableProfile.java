package io.tcplab.loadgen.fleet;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.OwnServer;
import io.tcplab.loadgen.plan.Profile;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What of a profile several machines can do. */
final class LeadableProfile {

    private static final long SPARE_NANOS = 5_000_000_000L;

    /** How long generators may take to be ready, beside what a server that they start may take. */
    private static final long READY_NANOS = TimeUnit.SECONDS.toNanos(90);

    private LeadableProfile() {}

    /** Returns the profile; throws with a sentence where it needs what generators on other machines do not have. */
    static Profile check(Profile profile) throws CannotRun {
        if (!profile.clientSysctls().isEmpty() || !profile.serverSysctls().isEmpty()) {
            throw new CannotRun(
                    "The profile sets sysctls, which are never changed on a host: remove them, and have what starts the"
                            + " generators set them (docker-compose.yml, securityContext.sysctls).");
        }
        if (!profile.faults().isEmpty() || profile.network() != null) {
            throw new CannotRun(
                    "network and faults need an isolated network, which a load from many machines cannot have:"
                            + " remove them.");
        }
        if (!profile.actions().isEmpty()) {
            throw new CannotRun(
                    "Every generator would do the profile's actions: remove them, and do them beside the load.");
        }
        return profile;
    }

    /** Throws where a generator of the group would have nothing to do, or several would use one CPU. */
    static void checkShares(Profile profile, Group group) throws CannotRun {
        int count = group.members().size();
        if (count > profile.load().mostShares() || count > profile.connections()) {
            throw new CannotRun(
                    "The load cannot be divided among " + count + " generators: some would have nothing to do.");
        }
        Set<String> machines = new HashSet<>();
        for (Member member : group.members()) {
            if (!machines.add(member.machine().identity()) && profile.client().pinCpu()) {
                throw new CannotRun("client.pinCpu needs a machine for each generator: several on "
                        + member.machine().host() + " would use the same CPU. Remove it.");
            }
        }
    }

    /** How long generators that prepare at the same time may take to be ready: each starts the profile's server, where it has one. */
    static long mostToBeReadyNanos(Profile profile) {
        OwnServer server = profile.ownServer();
        return READY_NANOS + (server == null ? 0 : server.readyTimeoutNanos());
    }

    /** How long the load may take, from its start to the end of its last connection; {@link Long#MAX_VALUE} = nobody knows. */
    static long mostNanos(Profile profile) {
        if (profile.durationNanos() == Profile.UNLIMITED) {
            return Long.MAX_VALUE;
        }
        long linger = profile.mix().stream()
                .mapToLong(member -> member.close().lingerSeconds() * 1_000_000_000L)
                .max()
                .orElse(0);
        return profile.warmupNanos()
                + profile.durationNanos()
                + Math.max(
                        profile.client().connectTimeoutNanos(), profile.client().exchangeTimeoutNanos())
                + Math.max(profile.client().closeTimeoutNanos(), linger)
                + SPARE_NANOS;
    }
}
