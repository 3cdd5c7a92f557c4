package io.tcplab.loadgen.watch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A listener for tests: at 127.0.0.1:80, of a process that is not known, with an empty queue and no drops, where nothing else is said. */
public final class SpecimenListener {

    private static final long PID = 12;

    private String address = "127.0.0.1:80";
    private @Nullable String program;
    private long limit = 511;
    private long peak;
    private long last;
    private @Nullable Long accepted;
    private @Nullable Long drops = 0L;
    private @Nullable Double goneAtSecond;
    private int stopped;
    private @Nullable Long descriptors;
    private ListenerFigures.@Nullable Stall nothingAccepted;
    private List<ListenerFigures.LimitChange> limitChanges = List.of();

    public SpecimenListener at(String bound) {
        address = bound;
        return this;
    }

    /** One process of this name, pid 12, which was not stopped. */
    public SpecimenListener of(String name) {
        program = name;
        return this;
    }

    public SpecimenListener limit(long most) {
        limit = most;
        return this;
    }

    /** How long its queue was: at the most, and when it was last seen. */
    public SpecimenListener queue(long longest, long atLast) {
        peak = longest;
        last = atLast;
        return this;
    }

    public SpecimenListener accepted(long connections) {
        accepted = connections;
        return this;
    }

    public SpecimenListener drops(@Nullable Long segments) {
        drops = segments;
        return this;
    }

    /** Absent = it still listened at the end. */
    public SpecimenListener goneAt(@Nullable Double second) {
        goneAtSecond = second;
        return this;
    }

    /** Its limit was another one until then. */
    public SpecimenListener limitBefore(long before, double untilSecond) {
        limitChanges = List.of(new ListenerFigures.LimitChange(untilSecond, before, limit));
        return this;
    }

    /** Its process was stopped. */
    public SpecimenListener stopped() {
        stopped = 1;
        return this;
    }

    /** Its process had as many descriptors open as it may have. */
    public SpecimenListener outOfDescriptors(long most) {
        descriptors = most;
        return this;
    }

    /** Next to nothing was accepted meanwhile, and so many waited at its end. */
    public SpecimenListener stuck(double fromSecond, double toSecond, long waiting) {
        nothingAccepted = new ListenerFigures.Stall(fromSecond, toSecond, waiting);
        return this;
    }

    public ListenerFigures figures() {
        boolean known = program != null;
        return new ListenerFigures(
                address,
                "IPv4",
                1,
                known ? PID : null,
                program,
                known ? 1 : null,
                known ? stopped : null,
                limit,
                "listen",
                peak,
                peak,
                last,
                accepted,
                drops,
                0L,
                descriptors,
                descriptors,
                goneAtSecond == null,
                goneAtSecond,
                nothingAccepted,
                limitChanges);
    }
}
