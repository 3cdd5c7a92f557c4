package io.tcplab.loadgen.judge.warning;

import java.util.List;

/** An exception of our own, in a part that the load can do without. */
public record PartFailed(String fault) implements RunWarning {

    static final PartFailed EXAMPLE = new PartFailed("java.lang.IllegalStateException: the observer has ended");

    static List<RunWarning> in(Facts facts) {
        RuntimeException fault = facts.mishaps().fault();
        return fault == null ? List.of() : List.of(new PartFailed(fault.toString()));
    }

    @Override
    public String when() {
        return "a part of tcplab failed while the load went on";
    }

    @Override
    public String message() {
        return "A part of tcplab failed: " + fault + ". Its figures may be wrong or missing.";
    }

    @Override
    public String advice() {
        return "report this bug, with the profile";
    }

    @Override
    public boolean invalidates() {
        return true;
    }
}
