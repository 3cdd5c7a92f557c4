package io.tcplab.loadgen.compare;

import io.tcplab.loadgen.plan.MixMember;
import io.tcplab.loadgen.plan.Profile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who is compared: several profiles as they are, or the members of one profile's mix, each alone under the profile's load. */
public final class Contestants {

    private Contestants() {}

    /** Returns the plans by the names of their contenders; one profile with one member has nothing to be compared with. */
    public static Map<String, Profile> of(List<Profile> profiles) {
        Map<String, Profile> plans = new LinkedHashMap<>();
        if (profiles.size() > 1) {
            for (Profile profile : profiles) {
                plans.put(unique(profile.name(), plans), profile);
            }
            return plans;
        }
        Profile only = profiles.getFirst();
        for (MixMember member : only.mix()) {
            plans.put(member.name(), alone(only, member));
        }
        return plans;
    }

    private static String unique(String name, Map<String, Profile> taken) {
        String candidate = name;
        for (int i = 2; taken.containsKey(candidate); i++) {
            candidate = name + "-" + i;
        }
        return candidate;
    }

    private static Profile alone(Profile profile, MixMember member) {
        return with(profile, List.of(member), profile.warmupNanos(), profile.durationNanos());
    }

    /** The profile as a round: at most this long, and without thresholds, which are a run's and not a comparison's. */
    public static Profile round(Profile profile, long mostWarmupNanos, long mostDurationNanos) {
        return with(
                profile,
                profile.mix(),
                Math.min(profile.warmupNanos(), mostWarmupNanos),
                Math.min(profile.durationNanos(), mostDurationNanos));
    }

    private static Profile with(Profile profile, List<MixMember> mix, long warmupNanos, long durationNanos) {
        return new Profile(
                profile.name(),
                profile.description(),
                profile.target(),
                warmupNanos,
                durationNanos,
                profile.connections(),
                profile.seed(),
                profile.load(),
                mix,
                profile.protocol(),
                profile.client(),
                profile.server(),
                profile.clientSysctls(),
                profile.serverSysctls(),
                profile.faults(),
                profile.observeIntervalNanos(),
                List.of());
    }
}
