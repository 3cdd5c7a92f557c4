package io.tcplab.loadgen.plan;

import io.tcplab.loadgen.plan.Fault.Drop;
import java.util.List;

/** The keys of an element of {@code faults}. */
final class FaultKeys {

    private static final Key<Fault, Drop> DROP = Key.required(
            "drop",
            Shapes.word(Drop.class),
            Fault::drop,
            "acks = the client's segments without data; everything = both directions, as if the peer had vanished");
    private static final Key<Fault, Long> FROM = Key.of(
            "from",
            Shapes.nanos(0, Measure.LONGEST_NANOS),
            0L,
            Fault::fromNanos,
            "since the start of the recorded part; 0s = from the very start, warm-up included");
    private static final Key<Fault, Long> UNTIL = Key.optional(
            "until",
            Shapes.nanos(0, Measure.LONGEST_NANOS),
            fault -> fault.untilNanos() == Fault.NEVER ? null : fault.untilNanos(),
            "since the start of the recorded part (default: the end of the run)");

    static final Form<Fault> FORM = new Form<>(List.of(DROP, FROM, UNTIL), FaultKeys::fault);

    private FaultKeys() {}

    private static Fault fault(Given given) {
        Drop drop = given.of(DROP);
        long from = given.of(FROM);
        Long until = given.find(UNTIL);
        if (until != null && until <= from) {
            throw given.near(UNTIL).meaning("ends before it starts; until must be later than from");
        }
        return new Fault(drop, from, until == null ? Fault.NEVER : until);
    }
}
