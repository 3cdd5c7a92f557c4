package io.tcplab.loadgen.fleet;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.Share;
import io.tcplab.loadgen.watch.OwnAddresses;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Which source addresses a generator uses: of the profile's, those of its own host. Where all of them are, as for generators on one
 * machine, each generator has its own where there are enough, so that none searches the ports of another.
 */
final class LocalSources {

    private LocalSources() {}

    static Profile of(Profile profile, Share share) throws CannotRun {
        List<InetAddress> all = profile.client().sources();
        if (all.isEmpty()) {
            return profile;
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
