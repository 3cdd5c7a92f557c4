package io.tcplab.loadgen.plan;

import io.tcplab.loadgen.plan.Action.Deed;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The keys of an element of {@code actions}. */
final class ActionKeys {

    private static final Key<Action, Long> AT = Key.required(
            "at",
            Shapes.nanos(0, Measure.LONGEST_NANOS),
            Action::atNanos,
            "when, since the start of the recorded part");
    private static final Key<Action, Deed> RUN = deed(
            "run",
            new CommandShape()
                    .as(
                            command -> new Action.Run(command.words(), command.shell()),
                            run -> new CommandShape.Command(run.command(), run.shell())),
            Action.Run.class,
            "run a command beside server.command (its network and process namespace, TCPLAB_… in its environment), or here where the"
                    + " run starts no server");
    private static final Key<Action, Deed> SIGNAL = deed(
            "signal",
            new SignalShape().as(Action.Send::new, Action.Send::signal),
            Action.Send.class,
            "send server.command a signal; SIGSTOP and SIGCONT go to all of its processes");
    private static final Key<Action, Deed> STOP =
            deed("stop", server().as(_ -> new Action.Stop(), _ -> "server"), Action.Stop.class, "end server.command");
    private static final Key<Action, Deed> START = deed(
            "start",
            server().as(_ -> new Action.Start(), _ -> "server"),
            Action.Start.class,
            "start server.command again after a stop");

    private static final Key<Action, Deed> MARK = deed(
            "mark",
            Shapes.TEXT.as(Action.Moment::new, Action.Moment::label),
            Action.Moment.class,
            "do nothing, and count from here on as after an action: for what is done by hand, and for a control run");

    private static final Key<Action, Deed> NETWORK = deed(
            "network",
            NetworkKeys.FORM.as(
                    network -> new Action.Change(network, Action.Change.TO_THE_END), Action.Change::network),
            Action.Change.class,
            "change the network; what is not named stays. It requires an isolated network: --isolate netns");
    private static final Key<Action, Long> FOR = Key.optional(
            "for",
            Shapes.nanos(1, Measure.LONGEST_NANOS),
            action -> action.deed() instanceof Action.Change change && change.forNanos() != Action.Change.TO_THE_END
                    ? change.forNanos()
                    : null,
            "how long the network is changed (default: to the end of the run)");

    private static final List<Key<Action, Deed>> DEEDS = List.of(RUN, SIGNAL, STOP, START, MARK, NETWORK);

    static final Form<Action> FORM =
            new Form<>(List.of(AT, RUN, SIGNAL, STOP, START, MARK, NETWORK, FOR), ActionKeys::action);

    private ActionKeys() {}

    private static Shape<String> server() {
        return new WordShape(Map.of("server", "server"));
    }

    private static <D extends Deed> Key<Action, Deed> deed(
            String name, Shape<D> shape, Class<D> type, String sentence) {
        Function<Action, @Nullable Deed> getter = action -> type.isInstance(action.deed()) ? action.deed() : null;
        return Key.optional(name, shape.as(deed -> deed, type::cast), getter, sentence);
    }

    private static Action action(Given given) {
        List<Key<Action, Deed>> asked =
                DEEDS.stream().filter(key -> given.has(key.name())).toList();
        if (asked.size() != 1) {
            throw given.whole()
                    .meaning("must have exactly one of "
                            + String.join(", ", DEEDS.stream().map(Key::name).toList()) + " beside at");
        }
        Deed deed = Objects.requireNonNull(given.find(asked.getFirst()));
        Long forNanos = given.find(FOR);
        if (deed instanceof Action.Change change) {
            if (change.network().mtu() != null) {
                throw given.near(NETWORK).meaning("has mtu, which cannot change during a run");
            }
            deed = forNanos == null ? change : new Action.Change(change.network(), forNanos);
        } else if (forNanos != null) {
            throw given.near(FOR).meaning("goes with network alone");
        }
        return new Action(given.of(AT), deed);
    }

    private record WordShape(Map<String, String> words) implements Shape<String> {
        @Override
        public String read(Value value) {
            return value.word(words);
        }

        @Override
        public Object write(String value) {
            return value;
        }

        @Override
        public Map<String, Object> schema() {
            return JsonSchema.of("enum", List.copyOf(words.keySet()));
        }

        @Override
        public String allowed() {
            return String.join(", ", words.keySet());
        }
    }
}
