package io.tcplab.loadgen.plan;

import io.tcplab.kernel.host.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Connections of one member of the mix to one target. A profile's connections are divided among its routes by their weights, so that each
 * member has its share, and of each member's connections each target has its own.
 *
 * @param member its number in the mix, from 0
 * @param target its number in {@link Profile#askedTargets}, from 0; 0 where the run starts the server
 * @param weight its share of the connections, relative to the other routes' weights
 */
public record Route(int member, int target, double weight) {

    /** Returns the routes of a profile, member by member; where there is one target they are its members. */
    static List<Route> of(Profile profile) {
        List<Endpoint> targets = targets(profile);
        List<Route> routes = new ArrayList<>();
        for (int number = 0; number < profile.mix().size(); number++) {
            MixMember member = profile.mix().get(number);
            List<WeightedTarget> choice = choice(profile, member);
            if (choice.isEmpty()) {
                routes.add(new Route(number, 0, member.weight()));
                continue;
            }
            double total = choice.stream().mapToDouble(WeightedTarget::weight).sum();
            for (WeightedTarget each : choice) {
                routes.add(new Route(number, targets.indexOf(each.at()), member.weight() * (each.weight() / total)));
            }
        }
        return routes;
    }

    /** Returns the targets that a member of the mix uses, each once: those of all members first. */
    static List<Endpoint> targets(Profile profile) {
        return Stream.concat(
                        profile.mix().stream().filter(member -> member.target() == null),
                        profile.mix().stream().filter(member -> member.target() != null))
                .flatMap(member -> choice(profile, member).stream())
                .map(WeightedTarget::at)
                .distinct()
                .toList();
    }

    private static List<WeightedTarget> choice(Profile profile, MixMember member) {
        if (member.target() != null) {
            return List.of(new WeightedTarget(member.target(), 1));
        } else if (!profile.targets().isEmpty()) {
            return profile.targets();
        }
        return profile.target() == null ? List.of() : List.of(new WeightedTarget(profile.target(), 1));
    }
}
