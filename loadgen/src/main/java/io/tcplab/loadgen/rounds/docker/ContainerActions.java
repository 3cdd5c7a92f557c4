package io.tcplab.loadgen.rounds.docker;

import io.tcplab.kernel.syscall.Signal;
import io.tcplab.loadgen.plan.Action;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.result.ActionReport;
import io.tcplab.loadgen.run.ActionCommand;
import io.tcplab.loadgen.run.DeedThreads;
import io.tcplab.loadgen.run.DueAction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Does to a server in a container what a profile's actions say. The generator, in a container of its own, marks its counts at each
 * action's time and then writes a line ({@link DueAction}); the deed follows here, by the engine. {@link #line} is called from one
 * thread, {@link #finish} when that one is done.
 */
final class ContainerActions implements AutoCloseable {

    private final List<Action> actions;
    private final @Nullable ImageServer server;
    private final List<Deed> begun = new ArrayList<>();
    private final DeedThreads deeds = new DeedThreads();

    /** One that was begun; guarded by itself. */
    private static final class Deed {
        private final Action.Deed deed;
        private @Nullable Integer exitCode;
        private @Nullable String failure = "it had not ended when the load did";

        Deed(Action.Deed deed) {
            this.deed = deed;
        }

        synchronized void ended(@Nullable Integer code, @Nullable String why) {
            exitCode = code;
            failure = why;
        }

        synchronized ActionReport of(ActionReport counted) {
            return counted.as(deed.inWords(), exitCode, failure);
        }
    }

    /** Of this profile; {@code server} is the user's, absent where the profile has none. */
    ContainerActions(Profile profile, @Nullable ImageServer server) {
        this.actions = profile.actions();
        this.server = server;
    }

    /** What the generator does of them: it marks its counts. */
    static Profile marksOf(Profile profile) {
        return profile.withActions(profile.actions().stream()
                .map(each ->
                        new Action(each.atNanos(), new Action.Moment(each.deed().inWords())))
                .toList());
    }

    /** Whether the server ends or begins during the load. */
    static boolean restart(Profile profile) {
        return profile.actions().stream()
                .map(Action::deed)
                .anyMatch(deed -> deed instanceof Action.Stop || deed instanceof Action.Start);
    }

    /** Takes in a line of the generator's; where an action is due, it is begun on a thread of its own. */
    void line(String line) {
        DueAction.in(line).ifPresent(index -> {
            Deed due = new Deed(actions.get(index).deed());
            begun.add(due);
            deeds.begin(due.deed, () -> perform(due));
        });
    }

    private void perform(Deed due) {
        try {
            ActionCommand.Ended command = perform(due.deed);
            due.ended(command == null ? null : command.exitCode(), command == null ? null : command.why());
        } catch (IOException | CannotRun e) {
            due.ended(null, String.valueOf(e.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private ActionCommand.@Nullable Ended perform(Action.Deed deed)
            throws IOException, CannotRun, InterruptedException {
        switch (deed) {
            case Action.Run run -> {
                return server == null ? ActionCommand.run(new ProcessBuilder(run.argv())) : server.exec(run.argv());
            }
            case Action.Send send
            when send.signal() == Signal.STOP -> Objects.requireNonNull(server).pause();
            case Action.Send send
            when send.signal() == Signal.CONT -> Objects.requireNonNull(server).unpause();
            case Action.Send send -> Objects.requireNonNull(server).signal(send.signal());
            case Action.Stop _ -> Objects.requireNonNull(server).stop();
            case Action.Start _ -> Objects.requireNonNull(server).startAgain();
            case Action.Change _ -> throw new CannotRun("the network between containers is not played");
            case Action.Moment _ -> {}
        }
        return null;
    }

    /** Ends what is still being done and says of each count what came of the deed that it is the count of. */
    List<ActionReport> finish(List<ActionReport> counted) {
        end();
        List<ActionReport> reports = new ArrayList<>();
        for (int i = 0; i < counted.size(); i++) {
            reports.add(i < begun.size() ? begun.get(i).of(counted.get(i)) : counted.get(i));
        }
        return reports;
    }

    /** Ends what is still being done; nothing is done to the server after this. */
    void end() {
        deeds.close();
    }

    @Override
    public void close() {
        end();
    }
}
