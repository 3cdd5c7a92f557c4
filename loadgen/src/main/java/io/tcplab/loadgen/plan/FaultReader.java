package io.tcplab.loadgen.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code faults}. */
final class FaultReader {

    private static final Map<String, Fault.Drop> DROPS = Words.of(Fault.Drop.class);

    private FaultReader() {}

    static List<Fault> read(@Nullable Value list) {
        List<Fault> faults = new ArrayList<>();
        if (list != null) {
            list.items().forEach(item -> faults.add(fault(item)));
        }
        return faults;
    }

    private static Fault fault(Value value) {
        Section section = Section.of(value, "drop", "from", "until");
        Fault.Drop drop =
                section.require("drop", "what is dropped: acks or everything").word(DROPS);
        long from = section.nanos("from", 0, 0, Value.LONGEST_NANOS);
        Value end = section.find("until");
        long until = end == null ? Fault.NEVER : end.nanos(0, Value.LONGEST_NANOS);
        if (end != null && until <= from) {
            throw end.meaning("ends before it begins; until must come after from");
        }
        return new Fault(drop, from, until);
    }
}
