package io.tcplab.loadgen.judge.warning;

import io.tcplab.loadgen.record.InWords;
import java.util.List;

/**
 * A generator of a load began its share later than the others; found where they join.
 *
 * @param micros after the earliest generator, each from the agreed moment on
 */
public record GeneratorLate(String generator, double micros) implements RunWarning {

    static final GeneratorLate EXAMPLE = new GeneratorLate("generator 1 (node-b, process 4711)", 830_000);

    /** One generator has nobody to be later than. */
    static List<RunWarning> in(Facts facts) {
        return List.of();
    }

    @Override
    public String when() {
        return "a generator of several started its first connection more than 100 ms later than the earliest one";
    }

    @Override
    public String message() {
        return generator + " started its first connection " + InWords.micros(micros)
                + " later than the earliest generator: until then its share of the load was missing";
    }

    @Override
    public String advice() {
        return "give its machine CPUs of its own, or begin with a warmup that is longer than this";
    }
}
