package io.tcplab.loadgen.compare;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.result.FileTrouble;
import io.tcplab.loadgen.result.FinishedRun;
import io.tcplab.loadgen.result.JsonText;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.result.RunNames;
import io.tcplab.loadgen.rounds.RoundRunner;
import io.tcplab.loadgen.run.BadUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Rounds that are in files: a directory is one finished run, or holds several. Those of a comparison go by its contenders' names, and so do
 * a tuning's cells; the groups of a lead go by theirs, others by their profiles' names.
 *
 * @param name of what was run
 * @param rounds in the order of their directories' names
 */
public record SavedRounds(String name, List<FinishedRun> rounds) {

    /** A directory with one of these has rounds in it, each in a directory {@code NAME-ROUND}. */
    private static final List<String> ROUNDS = List.of("compare.json", "tune.json", "limit.json");

    /** A result against the one that it is checked against. */
    public record Pair(SavedRounds base, SavedRounds now) {}

    /**
     * What is compared.
     *
     * @param leftOut what has no counterpart, a sentence each
     */
    public record Matched(List<Pair> pairs, List<String> leftOut) {
        public Matched {
            pairs = List.copyOf(pairs);
            leftOut = List.copyOf(leftOut);
        }
    }

    public SavedRounds {
        rounds = List.copyOf(rounds);
    }

    /** Those of a contender that was just run, in these directories. */
    static SavedRounds of(String name, List<Path> directories) throws CannotRun {
        List<FinishedRun> runs = new ArrayList<>();
        try {
            for (Path each : directories) {
                runs.add(FinishedRun.withoutLatencies(each));
            }
        } catch (IOException e) {
            throw new CannotRun("A result cannot be read: " + FileTrouble.of(e) + ".", e);
        }
        return new SavedRounds(name, runs);
    }

    /** What the comparison calls it. */
    Contender contender() {
        return new Contender(
                name,
                rounds.stream().map(each -> ComparedFigure.of(each.summary())).toList());
    }

    /**
     * Which results are compared. With baselines, the directories are rounds of the same work after a change, and what has the same name
     * is compared; without, each directory is compared with the first, or, of a single one, each contender with the first.
     */
    public static Matched match(List<Path> directories, List<Path> baselines) throws CannotRun {
        Set<String> leftOut = new LinkedHashSet<>();
        List<Pair> pairs = baselines.isEmpty()
                ? withTheFirst(directories, leftOut)
                : byName(grouped(baselines), grouped(directories), leftOut);
        if (pairs.isEmpty()) {
            throw new BadUsage(
                    "There is nothing to compare: give two results directories, or one and --baseline DIR of the same profile.");
        }
        return new Matched(pairs, List.copyOf(leftOut));
    }

    private static List<Pair> byName(Map<String, SavedRounds> base, Map<String, SavedRounds> now, Set<String> leftOut) {
        if (base.size() == 1 && now.size() == 1) {
            return List.of(pair(
                    base.values().iterator().next(), now.values().iterator().next()));
        }
        List<Pair> pairs = new ArrayList<>();
        base.forEach((name, rounds) -> {
            SavedRounds other = now.get(name);
            if (other == null) {
                leftOut.add("only the baseline has a result of " + name + ": it is not compared.");
            } else {
                pairs.add(pair(rounds, other));
            }
        });
        now.keySet().stream()
                .filter(name -> !base.containsKey(name))
                .forEach(name -> leftOut.add("the baseline has no result of " + name + ": it is not compared."));
        return pairs;
    }

    /** Of equal names, one is the baseline's. */
    private static Pair pair(SavedRounds base, SavedRounds now) {
        return base.name().equals(now.name())
                ? new Pair(new SavedRounds(base.name() + " (baseline)", base.rounds()), now)
                : new Pair(base, now);
    }

    private static List<Pair> withTheFirst(List<Path> directories, Set<String> leftOut) throws CannotRun {
        List<Map<String, SavedRounds>> all = new ArrayList<>();
        for (Path each : directories) {
            all.add(grouped(List.of(each)));
        }
        List<Pair> pairs = new ArrayList<>();
        if (all.size() == 1) {
            List<SavedRounds> contenders = List.copyOf(all.getFirst().values());
            contenders.stream().skip(1).forEach(other -> pairs.add(new Pair(contenders.getFirst(), other)));
            return pairs;
        }
        RunNames names = RunNames.of(directories);
        for (int i = 1; i < all.size(); i++) {
            for (Pair each : byName(all.getFirst(), all.get(i), leftOut)) {
                pairs.add(named(each, names.of(directories.getFirst()), names.of(directories.get(i))));
            }
        }
        return pairs;
    }

    /** By the directories, where both are of one profile. */
    private static Pair named(Pair pair, String base, String now) {
        if (!pair.base().name().endsWith(" (baseline)") || base.equals(now)) {
            return pair;
        }
        String suffix = pair.now().rounds().size() == 1 && pair.base().rounds().size() == 1
                ? ""
                : " " + pair.now().name();
        return new Pair(
                new SavedRounds(base + suffix, pair.base().rounds()),
                new SavedRounds(now + suffix, pair.now().rounds()));
    }

    private static String name(Path directory) {
        Path last = directory.toAbsolutePath().normalize().getFileName();
        return last == null ? directory.toString() : last.toString();
    }

    private static Map<String, SavedRounds> grouped(List<Path> directories) throws CannotRun {
        Map<String, List<FinishedRun>> groups = new LinkedHashMap<>();
        try {
            for (Path directory : directories) {
                if (Files.isRegularFile(directory.resolve(ResultsDirectory.SUMMARY))) {
                    add(groups, run -> run.summary().profile(), directory);
                    continue;
                }
                List<Path> below = below(directory);
                if (below.isEmpty()) {
                    throw new CannotRun(directory + " holds no finished run: neither it nor a directory in it has a "
                            + ResultsDirectory.SUMMARY + ".");
                }
                for (Path each : below) {
                    add(groups, naming(directory), each);
                }
            }
        } catch (IOException e) {
            throw new CannotRun("A result cannot be read: " + FileTrouble.of(e) + ".", e);
        }
        Map<String, SavedRounds> rounds = new LinkedHashMap<>();
        groups.forEach((name, runs) -> rounds.put(name, new SavedRounds(name, runs)));
        return rounds;
    }

    /** What the runs in a directory are called, by what has written them: {@code NAME-ROUND} are rounds of one name. */
    private static Function<FinishedRun, String> naming(Path directory) {
        if (Files.isRegularFile(directory.resolve(ResultsDirectory.GROUPS))) {
            return FinishedRun::name;
        }
        boolean rounds = ROUNDS.stream().anyMatch(each -> Files.isRegularFile(directory.resolve(each)));
        return rounds ? run -> withoutRound(run.name()) : run -> run.summary().profile();
    }

    private static void add(Map<String, List<FinishedRun>> groups, Function<FinishedRun, String> naming, Path directory)
            throws IOException {
        FinishedRun run = FinishedRun.withoutLatencies(directory);
        groups.computeIfAbsent(naming.apply(run), _ -> new ArrayList<>()).add(run);
    }

    /** In the order of their names, the contenders of a comparison in theirs: the first is the base. */
    private static List<Path> below(Path directory) throws IOException {
        List<String> contenders = contenders(directory);
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(each -> Files.isRegularFile(each.resolve(ResultsDirectory.SUMMARY)))
                    .sorted(Comparator.comparingInt((Path each) -> contenders.indexOf(withoutRound(name(each))))
                            .thenComparing(SavedRounds::order))
                    .toList();
        }
    }

    private static List<String> contenders(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        for (String each : ROUNDS) {
            Path file = directory.resolve(each);
            if (Files.isRegularFile(file)) {
                try {
                    for (JsonNode contender :
                            JsonText.MAPPER.readTree(Files.readString(file)).path("contenders")) {
                        names.add(RoundRunner.fileName(contender.path("name").asString("")));
                    }
                } catch (JacksonException e) {
                    throw new IOException(file + " is not a comparison: " + e.getOriginalMessage(), e);
                }
            }
        }
        return names;
    }

    private static String withoutRound(String name) {
        return name.replaceFirst("-[0-9]+$", "");
    }

    /** So that round 10 comes after round 9. */
    private static String order(Path directory) {
        String name = name(directory);
        int dash = name.lastIndexOf('-');
        String number = name.substring(dash + 1);
        return number.matches("[0-9]{1,9}")
                ? name.substring(0, dash + 1) + "0".repeat(9 - number.length()) + number
                : name;
    }
}
