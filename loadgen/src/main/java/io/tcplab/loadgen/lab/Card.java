package io.tcplab.loadgen.lab;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What an experiment says of itself before it runs.
 *
 * @param id short and unique, as {@code C1}
 * @param title one line
 * @param hypothesis what is said about TCP, in one sentence; the verdict answers it
 * @param claims the numbers of the claims it bears on, see {@link Claims}
 * @param needs what it cannot do without; empty means loopback will do
 * @param verifies what is verified, in one line
 * @param because why this order of events tests it, in one line
 * @param reading where to read on: RFC section, man page, kernel file
 * @param budgetSeconds when it is ended as failed
 * @param longRun whether it waits a true minute or more, and so runs only when asked to
 */
public record Card(
        String id,
        String title,
        String hypothesis,
        List<Integer> claims,
        Set<Need> needs,
        String verifies,
        String because,
        String reading,
        int budgetSeconds,
        boolean longRun) {

    private static final int USUAL_BUDGET_SECONDS = 40;

    /** A card that has only its id and its title. */
    public static Card of(String id, String title) {
        return new Card(id, title, "", List.of(), Set.of(), "", "", "", USUAL_BUDGET_SECONDS, false);
    }

    /** What is said about TCP. */
    public Card hypothesis(String sentence) {
        return new Card(id, title, sentence, claims, needs, verifies, because, reading, budgetSeconds, longRun);
    }

    /** The claims it bears on. */
    public Card claims(int... numbers) {
        List<Integer> list = Arrays.stream(numbers).boxed().toList();
        return new Card(id, title, hypothesis, list, needs, verifies, because, reading, budgetSeconds, longRun);
    }

    /** What it cannot do without; whatever it is, it comes with namespaces. */
    public Card needs(Need... wanted) {
        Set<Need> set = EnumSet.of(Need.NAMESPACES, wanted);
        return new Card(id, title, hypothesis, claims, set, verifies, because, reading, budgetSeconds, longRun);
    }

    /** What is verified. */
    public Card verifies(String line) {
        return new Card(id, title, hypothesis, claims, needs, line, because, reading, budgetSeconds, longRun);
    }

    /** Why this order tests it. */
    public Card because(String line) {
        return new Card(id, title, hypothesis, claims, needs, verifies, line, reading, budgetSeconds, longRun);
    }

    /** Where to read on. */
    public Card reading(String sources) {
        return new Card(id, title, hypothesis, claims, needs, verifies, because, sources, budgetSeconds, longRun);
    }

    /** Runs only with {@code --long}, and may take this many seconds. */
    public Card takesLong(int seconds) {
        return new Card(id, title, hypothesis, claims, needs, verifies, because, reading, seconds, true);
    }
}
