package io.tcplab.loadgen.run;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.Signal;
import io.tcplab.loadgen.plan.Action;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.result.ActionReport;
import io.tcplab.loadgen.result.ActionReport.Mark;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Does what the profile's actions say at their times, and marks the load's counts at each. What still runs at the end of the load is
 * ended.
 */
final class ActionRunner implements AutoCloseable {

    private final List<Action> actions;
    private final @Nullable StagedServer server;
    private final @Nullable PlayedNetwork network;
    private final List<Done> done = new ArrayList<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon(true).name("tcplab-actions").factory());
    private final DeedThreads deeds = new DeedThreads();

    /** One action that was begun; its last fields are written by the thread that does it, guarded by the object. */
    private static final class Done {
        private final Action action;
        private final double second;
        private final Mark mark;
        private @Nullable Integer exitCode;
        private @Nullable String failure = "it had not ended when the load did";

        Done(Action action, double second, Mark mark) {
            this.action = action;
            this.second = second;
            this.mark = mark;
        }

        synchronized void ended(@Nullable Integer code, @Nullable String why) {
            exitCode = code;
            failure = why;
        }

        synchronized ActionReport report(Mark until, @Nullable Double lostBefore) {
            return ActionReport.of(second, action.deed().inWords(), exitCode, failure, mark, until, lostBefore);
        }
    }

    ActionRunner(List<Action> actions, @Nullable StagedServer server, @Nullable PlayedNetwork network) {
        this.actions = actions;
        this.server = server;
        this.network = network;
    }

    /** Sets the clock; {@code nanos} is the {@link System#nanoTime} value at which the recorded part begins. */
    void recordedFrom(long nanos, Supplier<Mark> marks) {
        scheduleFrom(0, nanos, marks);
    }

    /** One after the other: the clock does not keep the order of what is due at the same moment. */
    private void scheduleFrom(int index, long recordedFromNanos, Supplier<Mark> marks) {
        if (index == actions.size()) {
            return;
        }
        long due = recordedFromNanos + actions.get(index).atNanos();
        Runnable next = () -> {
            try {
                begin(index, recordedFromNanos, marks);
            } finally {
                scheduleFrom(index + 1, recordedFromNanos, marks);
            }
        };
        var _ = clock.schedule(next, due - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void begin(int index, long recordedFromNanos, Supplier<Mark> marks) {
        Done begun = new Done(
                actions.get(index), Math.round((System.nanoTime() - recordedFromNanos) / 1e6) / 1e3, marks.get());
        synchronized (done) {
            done.add(begun);
        }
        DueAction.announce(index);
        deeds.begin(begun.action.deed(), () -> perform(begun));
    }

    private void perform(Done begun) {
        try {
            ActionCommand.Ended command = perform(begun.action.deed());
            begun.ended(command == null ? null : command.exitCode(), command == null ? null : command.why());
        } catch (IOException | CannotRun e) {
            begun.ended(null, String.valueOf(e.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private ActionCommand.@Nullable Ended perform(Action.Deed deed)
            throws IOException, CannotRun, InterruptedException {
        switch (deed) {
            case Action.Run run -> {
                return ActionCommand.run(server == null ? new ProcessBuilder(run.argv()) : server.beside(run.argv()));
            }
            case Action.Send send -> signal(send.signal());
            case Action.Stop _ -> Objects.requireNonNull(server).stop();
            case Action.Change change -> Objects.requireNonNull(network).change(change);
            case Action.Start _ -> Objects.requireNonNull(server).startInLoad();
            case Action.Moment _ -> {}
        }
        return null;
    }

    private void signal(Signal signal) throws IOException {
        Errno errno = Objects.requireNonNull(server).signal(signal);
        if (!errno.ok()) {
            throw new IOException("kill(2): " + errno);
        }
    }

    /** Ends what is still being done and returns what came of each; {@code first} was marked at the beginning, {@code last} at the end. */
    List<ActionReport> finish(Mark first, Mark last) {
        close();
        List<Done> all;
        synchronized (done) {
            all = List.copyOf(done);
        }
        List<ActionReport> reports = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Mark until = i + 1 < all.size() ? all.get(i + 1).mark : last;
            reports.add(all.get(i).report(until, lostBefore(first, all.getFirst().mark)));
        }
        return reports;
    }

    private static @Nullable Double lostBefore(Mark first, Mark action) {
        long connections = first.connectionsUntil(action);
        return connections == 0 ? null : first.lostUntil(action).all() / (double) connections;
    }

    @Override
    public void close() {
        clock.shutdownNow();
        deeds.close();
    }
}
