package io.tcplab.loadgen.fleet;

import io.tcplab.loadgen.judge.warning.CoresShared;
import io.tcplab.loadgen.judge.warning.GeneratorLate;
import io.tcplab.loadgen.judge.warning.GeneratorLost;
import io.tcplab.loadgen.judge.warning.GeneratorSaturated;
import io.tcplab.loadgen.judge.warning.RunWarning;
import io.tcplab.loadgen.judge.warning.WallClocksApart;
import io.tcplab.loadgen.merge.Merge;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileWriter;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.report.html.HtmlReport;
import io.tcplab.loadgen.result.FinishedRun;
import io.tcplab.loadgen.result.JsonText;
import io.tcplab.loadgen.result.OneGenerator;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Verdict;
import io.tcplab.loadgen.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Puts what the generators have sent together: each group's is merged and judged, several groups are compared. */
final class FleetResult {

    private static final long APART_MILLIS = 500;
    private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Profile profile;
    private final ResultsDirectory directory;
    private final List<Group> groups;
    private final long startNanos;

    FleetResult(Profile profile, ResultsDirectory directory, List<Group> groups, long startNanos) {
        this.profile = profile;
        this.directory = directory;
        this.groups = groups;
        this.startNanos = startNanos;
    }

    /** Writes all of it, of those groups that have a result. Throws where none has. */
    List<GroupResult> write() throws IOException, CannotRun {
        if (groups.stream().allMatch(FleetResult::isLost)) {
            throw new CannotRun("No generator produced a result: " + String.join("; ", reasons()) + ".");
        }
        List<GroupResult> results = new ArrayList<>();
        for (Group group : groups) {
            if (isLost(group)) {
                remove(group);
            } else {
                results.add(new GroupResult(
                        group.name(), summary(group), group.directory().path()));
            }
        }
        if (groups.size() > 1) {
            Map<String, Summary> byName = new LinkedHashMap<>();
            results.forEach(each -> byName.put(each.name(), each.summary()));
            directory.write(ResultsDirectory.GROUPS, JsonText.of(Map.of("groups", byName)));
            directory.write(
                    ResultsDirectory.REPORT,
                    HtmlReport.fromDirectories(
                            results.stream().map(GroupResult::directory).toList()));
        }
        RunDirectory.release(directory.path());
        return results;
    }

    private static boolean isLost(Group group) {
        return group.members().stream().allMatch(member -> member.lostBecause() != null);
    }

    private List<String> reasons() {
        return groups.stream()
                .flatMap(group -> group.members().stream())
                .map(member -> member.name() + ": " + member.lostBecause())
                .toList();
    }

    private Summary summary(Group group) throws IOException {
        List<Path> parts = new ArrayList<>();
        for (Member member : group.members()) {
            if (member.lostBecause() == null) {
                parts.add(group.directoryOf(member));
            } else {
                remove(group.directoryOf(member));
            }
        }
        boolean complete = groups.size() == 1 && parts.size() == group.members().size();
        Summary merged =
                complete ? Merge.mergeComplete(parts, group.directory()) : Merge.merge(parts, group.directory());
        List<Verdict.Warning> warnings = new ArrayList<>(ofFleet(group));
        boolean valid = merged.valid() && warnings.stream().noneMatch(Verdict.Warning::invalidates);
        warnings.addAll(merged.warnings());
        Summary whole = merged.from(generators(group)).with(merged.verdict().withWarnings(valid, warnings));
        group.directory().write(ResultsDirectory.SUMMARY, JsonText.of(whole));
        group.directory().write(ResultsDirectory.PROFILE, ProfileWriter.write(profile));
        group.directory()
                .write(
                        ResultsDirectory.REPORT,
                        HtmlReport.fromDirectory(group.directory().path()));
        return whole;
    }

    private static void remove(Group lost) throws IOException {
        for (Member member : lost.members()) {
            remove(lost.directoryOf(member));
        }
        Files.delete(lost.directory().path());
    }

    /** What had arrived of a result that is not whole. */
    private static void remove(Path unfinished) throws IOException {
        try (Stream<Path> files = Files.list(unfinished)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(unfinished);
    }

    private List<Verdict.Warning> ofFleet(Group group) {
        List<RunWarning> found = new ArrayList<>(lost(group, null));
        groups.stream().filter(FleetResult::isLost).forEach(each -> found.addAll(lost(each, each.name())));
        Map<String, List<Member>> byMachine = new LinkedHashMap<>();
        groups.forEach(each -> each.members()
                .forEach(member -> byMachine
                        .computeIfAbsent(member.machine().identity(), _ -> new ArrayList<>())
                        .add(member)));
        for (List<Member> there : byMachine.values()) {
            Machine machine = there.getFirst().machine();
            boolean ours = there.stream().anyMatch(group.members()::contains);
            if (ours && there.size() > machine.cpus()) {
                found.add(new CoresShared(machine.host(), there.size(), machine.cpus()));
            }
        }
        long earliestNanos = earliestNanos();
        for (Member member : group.members()) {
            long lateNanos = member.startLateNanos() - earliestNanos;
            if (saidWhenItStarted(member) && lateNanos > LATE_NANOS) {
                found.add(new GeneratorLate(member.name(), lateNanos / 1e3));
            }
            if (Math.abs(member.clock.wallOffsetMillis()) > APART_MILLIS) {
                found.add(new WallClocksApart(member.name(), member.clock.wallOffsetMillis()));
            }
        }
        return found.stream().map(RunWarning::inWords).toList();
    }

    private List<GeneratorLost> lost(Group group, @Nullable String name) {
        List<GeneratorLost> found = new ArrayList<>();
        for (Member member : group.members()) {
            String reason = member.lostBecause();
            if (reason != null) {
                found.add(new GeneratorLost(
                        member.name(), group.share(member), group.members().size(), lostAt(member), reason, name));
            }
        }
        return found;
    }

    private double lostAt(Member member) {
        return Math.max(0, (member.lostNanos() - startNanos) / 1e9);
    }

    /** How late the generator was that was the least late. */
    private long earliestNanos() {
        return groups.stream()
                .flatMap(each -> each.members().stream())
                .filter(FleetResult::saidWhenItStarted)
                .mapToLong(Member::startLateNanos)
                .min()
                .orElse(0);
    }

    private List<OneGenerator> generators(Group group) throws IOException {
        long earliest = earliestNanos();
        List<OneGenerator> all = new ArrayList<>();
        for (Member member : group.members()) {
            Summary own = member.lostBecause() == null
                    ? FinishedRun.withoutLatencies(group.directoryOf(member)).summary()
                    : null;
            all.add(entry(group, member, own, earliest));
        }
        return all;
    }

    private static boolean saidWhenItStarted(Member member) {
        return member.drained.isDone() && !member.drained.isCompletedExceptionally();
    }

    private OneGenerator entry(Group group, Member member, @Nullable Summary own, long earliestNanos) {
        boolean said = saidWhenItStarted(member);
        return new OneGenerator(
                member.number(),
                own == null ? null : String.valueOf(group.directoryOf(member).getFileName()),
                member.group().isEmpty() ? null : member.group(),
                member.machine().host(),
                member.machine().bootId(),
                member.machine().cpus(),
                new OneGenerator.Part(group.share(member), group.members().size()),
                own != null,
                member.lostBecause(),
                own == null ? lostAt(member) : null,
                own == null ? member.counted().started() : own.outcomes().started(),
                own == null
                        ? member.counted().outcome(ConnectionOutcome.COMPLETED)
                        : own.outcomes().count(ConnectionOutcome.COMPLETED),
                member.clock.offset(),
                said ? member.startLateNanos() / 1e3 : null,
                said ? (member.startLateNanos() - earliestNanos) / 1e3 : null,
                own == null ? null : own.generator().eventLoopBusy(),
                own == null ? null : own.latencies().of(Metric.START_DELAY).p99Micros(),
                own == null ? null : GeneratorSaturated.isIn(own));
    }
}
