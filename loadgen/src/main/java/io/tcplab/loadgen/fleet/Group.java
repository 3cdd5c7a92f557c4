package io.tcplab.loadgen.fleet;

import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.run.RemoteOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Generators that together generate the profile's whole load; several groups each do, at the same time, and are compared.
 *
 * @param name empty where the generators named none
 * @param members in the order in which they joined, at least one
 */
record Group(String name, List<Member> members, Place place) {

    /** What generators without a name are called beside those that have one. */
    private static final String OTHERS = "others";

    private static final String DIRECTORY = "generator-";

    /** Where the group's result goes; set before the load is prepared. */
    static final class Place {
        private @Nullable ResultsDirectory directory;
    }

    Group {
        members = List.copyOf(members);
    }

    /** The groups of these generators: in the asked order, then as they came. */
    static List<Group> of(List<Member> members, List<String> order) {
        Map<String, List<Member>> byName = new LinkedHashMap<>();
        order.forEach(name -> byName.put(name, new ArrayList<>()));
        boolean areNamed = members.stream().anyMatch(member -> !member.group().isEmpty());
        for (Member member : members) {
            String name = member.group().isEmpty() && areNamed ? OTHERS : member.group();
            byName.computeIfAbsent(name, _ -> new ArrayList<>()).add(member);
        }
        byName.values().removeIf(List::isEmpty);
        List<Group> groups = new ArrayList<>();
        byName.forEach((name, each) -> groups.add(new Group(name, each, new Place())));
        return groups;
    }

    /** The group's result goes there, and each generator's into a directory below. */
    void writeInto(ResultsDirectory there) throws IOException {
        place.directory = there;
        for (Member member : members) {
            member.receivesInto(directoryOf(member));
        }
    }

    ResultsDirectory directory() {
        return Objects.requireNonNull(place.directory);
    }

    Path directoryOf(Member member) {
        return directory().file(DIRECTORY + share(member));
    }

    /** The number of its share. */
    int share(Member member) {
        return members.indexOf(member);
    }

    Message.Prepare order(Member member, String profile, RemoteOptions remote, boolean observes) {
        return new Message.Prepare(profile, share(member), members.size(), Remote.of(remote, observes));
    }
}
