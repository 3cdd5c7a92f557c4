package io.tcplab.loadgen.fleet;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.Share;
import io.tcplab.loadgen.watch.OwnAddresses;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which source addresses a generator uses: of the profile's, those of its own host from which the target can be reached. Where all of
 * them are, as for generators on one machine, each generator has its own where there are enough, so that none searches the ports of
 * another.
 */
final class LocalSources {

    private LocalSources() {}

    /** A loopback address reaches loopback alone (RFC 1122 §3.2.1.3): to a target elsewhere the kernel chooses another one. */
    private static List<InetAddress> reaching(Profile profile) {
        List<InetAddress> sources = profile.client().sources();
        if (profile.target() == null || sources.isEmpty()) {
            return sources;
        }
        try {
            boolean here = true;
            for (Endpoint target : profile.askedTargets()) {
                here &= InetAddress.getByName(target.host()).isLoopbackAddress();
            }
            boolean allHere = here;
            return sources.stream()
                    .filter(source -> allHere || !source.isLoopbackAddress())
                    .toList();
        } catch (UnknownHostException _) {
            return sources; // the run itself finds out
        }
    }

    static Profile of(Profile profile, Share share) throws CannotRun {
        List<InetAddress> all = reaching(profile);
        if (all.isEmpty()) {
            return profile.withSources(all);
        }
        List<InetAddress> own = new ArrayList<>();
        for (InetAddress source : all) {
            if (OwnAddresses.firstForeign(List.of(source)) == null) {
                own.add(source);
            }
        }
        if (own.isEmpty()) {
            throw new CannotRun(OwnAddresses.sentence(all.getFirst()) + ".");
        }
        if (own.size() < all.size() || all.size() < share.of()) {
            return profile.withSources(own);
        }
        List<InetAddress> mine = new ArrayList<>();
        for (int i = share.number(); i < all.size(); i += share.of()) {
            mine.add(all.get(i));
        }
        return profile.withSources(mine);
    }
}
