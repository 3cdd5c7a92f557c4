package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;

import io.tcplab.loadgen.record.CauseTally;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.result.Outcomes;
import io.tcplab.loadgen.result.Reconciled;
import java.util.ArrayList;
import java.util.List;

/** The books do not balance. */
public record InvariantBroken(String invariant, long left, long right) implements RunWarning {

    static final InvariantBroken EXAMPLE = new InvariantBroken("started = sum of outcomes", 23, 22);

    static List<RunWarning> in(Facts facts) {
        List<RunWarning> broken = new ArrayList<>();
        Outcomes outcomes = facts.summary().outcomes();
        if (!outcomes.balances()) {
            long ended = outcomes.counts().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            broken.add(new InvariantBroken("started = sum of outcomes", outcomes.started(), ended));
        }
        // A fault of ours on one connection ends that one alone, and what it makes of the figures nobody knows.
        for (CauseTally.Counted cause : facts.measured().causes()) {
            if (cause.cause().incident() == Incident.BROKE) {
                broken.add(new InvariantBroken(cause.cause().text(), 0, cause.count()));
            }
        }
        // In namespaces or containers of our own the kernel counts nothing but us: a disagreement means that somebody
        // counts wrongly.
        boolean alone = facts.environment().isolation().equals("netns")
                || facts.environment().isolation().equals("docker");
        for (Reconciled check : facts.summary().reconciliation()) {
            if (alone && !check.agrees() && !check.is(Reconciled.Check.RESUMED)) {
                broken.add(new InvariantBroken(check.sentence(), check.ours(), check.kernel()));
            }
        }
        return broken;
    }

    @Override
    public String when() {
        return "our own counts are inconsistent: started connections and their outcomes, our counts and the kernel's in a namespace of"
                + " our own, or an exception of tcplab's on a connection";
    }

    @Override
    public String message() {
        return "an internal check failed: " + invariant + " (" + count(left) + " against " + count(right) + ")";
    }

    @Override
    public String advice() {
        return "do not use this result; repeat the run, and report a bug with the results directory if it happens again";
    }

    @Override
    public boolean invalidates() {
        return true;
    }
}
