package io.tcplab.loadgen.fleet;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.merge.MergedProgress;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileWriter;
import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.run.RunDirectory;
import io.tcplab.loadgen.run.RunSession;
import io.tcplab.loadgen.watch.TimelineRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One load of many generators from the first that joins to the merged result. The generators stay connected until this is closed, so that
 * what started them sees the lead end first.
 */
public final class LeadSession implements AutoCloseable {

    /**
     * From the order to the first connection: every generator has the order by then, and has made ready for it, which takes longer where
     * several share the CPUs of a machine.
     */
    private static final long START_LEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

    /** How long a result may take once its load has ended. */
    private static final long RESULTS_NANOS = TimeUnit.SECONDS.toNanos(90);

    private static final long INTERRUPTED_NANOS = TimeUnit.SECONDS.toNanos(12);

    private final LeadRequest request;
    private final Consumer<IntervalReading> progress;
    private final Consumer<TimelineRow> rows;
    private final Consumer<String> says;
    private final Roster roster;
    private final CompletableFuture<Void> interruption = new CompletableFuture<>();
    private final CompletableFuture<Endpoint> listening = new CompletableFuture<>();

    private @Nullable Reception reception;

    /**
     * {@code progress} has a merged reading each second, {@code rows} what the kernels showed meanwhile, {@code says} a sentence now and
     * then.
     */
    public LeadSession(
            LeadRequest request,
            Consumer<IntervalReading> progress,
            Consumer<TimelineRow> rows,
            Consumer<String> says) {
        this.request = request;
        this.progress = progress;
        this.rows = rows;
        this.says = says;
        this.roster = new Roster(request.generators(), request.groups(), says);
    }

    /** Ends the load early, with complete partial results. May be called from any thread, at any time. */
    public void interrupt() {
        interruption.complete(null);
        roster.all().forEach(member -> member.tell(new Message.Stop()));
    }

    /** Where it listens, as soon as it does. */
    CompletableFuture<Endpoint> listening() {
        return listening;
    }

    /** Runs; every generator has ended its load when this returns or throws. */
    public List<GroupResult> run() throws CannotRun {
        Profile profile = LeadableProfile.check(RunSession.withSeed(request.profile()));
        RunDirectory.check(request.out());
        Reception open = Reception.open(request.listen(), request.token(), roster::refusal, roster::admit, says);
        reception = open;
        listening.complete(new Endpoint(
                open.address().getAddress().getHostAddress(), open.address().getPort()));
        says.accept("waiting for " + request.generators() + " generators at " + Endpoint.text(open.address())
                + ": tcplab join HOST:" + open.address().getPort());
        await(roster.complete(), Long.MAX_VALUE);
        List<Group> groups = Group.of(roster.all(), request.groups());
        for (Group group : groups) {
            LeadableProfile.checkShares(profile, group);
        }
        try {
            ResultsDirectory directory = RunDirectory.of(request.out(), request.resultsRoot(), profile.name());
            for (Group group : groups) {
                group.writeInto(groups.size() == 1 ? directory : ResultsDirectory.at(directory.file(group.name())));
            }
            MergedProgress<Member> merged =
                    new MergedProgress<>(roster.all(), member -> member.drained.isDone(), progress);
            roster.follow(merged, new MergedRows(rows));
            prepare(profile, groups);
            long startNanos = start();
            awaitResults(profile, startNanos);
            merged.finish();
            return new FleetResult(profile, directory, groups, startNanos).write();
        } catch (IOException e) {
            throw new CannotRun("The results cannot be written or merged: " + e.getMessage() + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotRun("Waiting for the generators was interrupted.", e);
        }
    }

    /** The generator that asks the observer comes last: what the others open before they are ready is in none of its counters. */
    private void prepare(Profile profile, List<Group> groups) throws CannotRun {
        String text = ProfileWriter.write(profile);
        List<CompletableFuture<Void>> others = new ArrayList<>();
        for (Group group : groups) {
            for (Member member : group.members().subList(1, group.members().size())) {
                member.tell(group.order(member, text, request.remote(), false));
                others.add(member.ready);
            }
        }
        long mostNanos = LeadableProfile.mostToBeReadyNanos(profile);
        awaitReady(others, mostNanos);
        for (Group group : groups) {
            Member first = group.members().getFirst();
            first.tell(group.order(first, text, request.remote(), true));
            awaitReady(List.of(first.ready), mostNanos);
        }
    }

    private void awaitReady(List<CompletableFuture<Void>> ready, long mostNanos) throws CannotRun {
        CompletableFuture<Void> event = Events.settled(ready);
        for (CompletableFuture<Void> each : ready) {
            // Without one of them there is no load: the others are not waited for.
            var _ = each.exceptionally(_ -> {
                event.complete(null);
                return null;
            });
        }
        await(event, mostNanos);
        refuseLost();
        if (ready.stream().anyMatch(each -> !each.isDone())) {
            throw new CannotRun("The load was not started: not every generator was ready within "
                    + TimeUnit.NANOSECONDS.toSeconds(mostNanos) + " s.");
        }
    }

    private void refuseLost() throws CannotRun {
        List<String> failed = new ArrayList<>();
        for (Member member : roster.all()) {
            String reason = member.lostBecause();
            if (reason != null) {
                failed.add(member.name() + ": " + reason);
            }
        }
        if (!failed.isEmpty()) {
            throw new CannotRun("The load was not started: " + String.join("; ", failed) + ".");
        }
    }

    /** Agrees on the moment; returns it by our clock. */
    private long start() throws CannotRun, InterruptedException {
        List<Thread> asking = new ArrayList<>();
        for (Member member : roster.all()) {
            asking.add(Thread.ofVirtual().start(() -> readClock(member)));
        }
        for (Thread each : asking) {
            each.join();
        }
        awaitReady(List.of(), 0);
        double uncertaintyMicros = roster.all().stream()
                .mapToDouble(member -> member.clock.offset().uncertaintyMicros())
                .max()
                .orElse(0);
        // That is half of the slowest round trip, and the order has at most a whole one before it.
        long startNanos = System.nanoTime() + START_LEAD_NANOS + (long) (2 * uncertaintyMicros * 1e3);
        for (Member member : roster.all()) {
            member.tell(new Message.Start(member.clock.there(startNanos)));
        }
        says.accept(
                "start: " + roster.all().size() + " generators, clocks known to " + InWords.micros(uncertaintyMicros));
        return startNanos;
    }

    private static void readClock(Member member) {
        try {
            member.clock.read(member);
        } catch (Lost e) {
            member.lose(String.valueOf(e.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitResults(Profile profile, long startNanos) {
        long limit = LeadableProfile.mostNanos(profile);
        long latest = limit == Long.MAX_VALUE ? Long.MAX_VALUE : startNanos + limit + RESULTS_NANOS;
        awaitUnlessLate(each -> each.drained, latest);
        roster.all().forEach(member -> member.tell(new Message.Finish()));
        awaitUnlessLate(each -> each.done, latest);
    }

    /** Who has not come to it by then is lost; an interruption shortens the time. */
    private void awaitUnlessLate(Function<Member, CompletableFuture<Void>> what, long latestNanos) {
        List<CompletableFuture<Void>> all = roster.all().stream().map(what).toList();
        CompletableFuture<Void> settled = Events.settled(all);
        long nanos = latestNanos == Long.MAX_VALUE ? Long.MAX_VALUE : latestNanos - System.nanoTime();
        if (!Events.within(CompletableFuture.anyOf(settled, interruption), nanos) || !settled.isDone()) {
            boolean _ = Events.within(settled, interruption.isDone() ? INTERRUPTED_NANOS : 0);
        }
        for (Member member : roster.all()) {
            if (!what.apply(member).isDone()) {
                member.lose("it did not come to an end in time");
            }
        }
    }

    /** Waits before the start, where an interruption leaves nothing to report. */
    private void await(CompletableFuture<?> event, long nanos) throws CannotRun {
        boolean _ = Events.within(CompletableFuture.anyOf(event, interruption), nanos);
        if (interruption.isDone()) {
            throw new CannotRun("Interrupted before the load began: nothing was run.");
        }
    }

    /** Lets the generators go; nobody joins any more. */
    @Override
    public void close() {
        Reception open = reception;
        if (open != null) {
            open.close();
        }
        for (Member member : roster.all()) {
            member.tell(new Message.Over());
            member.close();
        }
    }
}
