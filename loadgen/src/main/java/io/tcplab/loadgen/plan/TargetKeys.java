package io.tcplab.loadgen.plan;

import io.tcplab.kernel.host.Endpoint;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The keys of {@code targets}, and what goes together where there are several targets. */
final class TargetKeys {

    private static final int MOST_TARGETS = 50;

    /** Each route has latencies of its own, of some 100 kB for each metric. */
    private static final int MOST_ROUTES = 200;

    private static final Key<WeightedTarget, Endpoint> AT =
            Key.required("at", new TargetShape(), WeightedTarget::at, "where it is");
    private static final Key<WeightedTarget, Double> WEIGHT = Key.of(
            "weight",
            Shapes.WEIGHT,
            1.0,
            WeightedTarget::weight,
            "share of the connections, relative to the other weights");

    static final Shape<List<WeightedTarget>> SHAPE = new ListOf<>(
            new Form<>(List.of(AT, WEIGHT), given -> new WeightedTarget(given.of(AT), given.of(WEIGHT))),
            1,
            MOST_TARGETS);

    private TargetKeys() {}

    /** Returns the first target that a profile names; absent = it names none. */
    static @Nullable Endpoint first(Given given, Key<Profile, Endpoint> target, List<WeightedTarget> targets) {
        Endpoint only = given.find(target);
        if (targets.isEmpty()) {
            return only == null ? ofMember(given) : only;
        }
        if (only != null) {
            throw given.near(target).meaning("stands beside targets; give one of them");
        }
        return targets.getFirst().at();
    }

    private static @Nullable Endpoint ofMember(Given given) {
        Value mix = given.place("mix");
        if (mix == null || !(mix.node() instanceof Node.Items)) {
            return null;
        }
        for (Value member : mix.items()) {
            if (member.node() instanceof Node.Fields fields && fields.fields().containsKey("target")) {
                return new TargetShape().read(member.field("target"));
            }
        }
        return null;
    }

    /** Returns the names of all targets where the profile has several, in the order of the profile; none where it has one. */
    static Set<String> several(@Nullable Endpoint target, List<WeightedTarget> targets, List<MixMember> mix) {
        Set<String> names = new LinkedHashSet<>();
        targets.forEach(each -> names.add(each.at().toString()));
        boolean ofMembers = mix.stream().anyMatch(member -> member.target() != null);
        if (target != null && targets.isEmpty() && ofMembers) {
            names.add(target.toString());
        }
        mix.stream().map(MixMember::target).filter(Objects::nonNull).forEach(each -> names.add(each.toString()));
        return names;
    }

    /** Refuses targets that do not go together. */
    static void check(Given given, @Nullable Endpoint target, List<WeightedTarget> targets, List<MixMember> mix) {
        Set<Endpoint> known = new HashSet<>();
        for (int i = 0; i < targets.size(); i++) {
            if (!known.add(targets.get(i).at())) {
                throw given.near("targets")
                        .items()
                        .get(i)
                        .meaning(targets.get(i).at() + " is already in the list; give it a greater weight instead");
            }
        }
        boolean profileHasOne = !targets.isEmpty() || given.has("target");
        if (target != null && !profileHasOne) {
            mix.stream().filter(member -> member.target() == null).findFirst().ifPresent(member -> {
                throw given.near("mix")
                        .meaning("member " + member.name() + " has no target, and others have; give it one, or give the"
                                + " profile a target");
            });
        }
        long routes = mix.stream()
                .mapToLong(member -> member.target() == null ? Math.max(1, targets.size()) : 1)
                .sum();
        if (routes > MOST_ROUTES) {
            throw given.near("targets")
                    .meaning("make " + routes + " pairs of member and target; at most " + MOST_ROUTES + " are allowed");
        }
    }
}
