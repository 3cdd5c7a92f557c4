package io.tcplab.loadgen.inspect;

/**
 * What a check found.
 *
 * @param verdict what it means
 * @param observed the behaviour in a few words, the same in every run of the same behaviour: no time and no count is in it
 * @param sentence the behaviour with its figures
 * @param advice what to set or to do, and where; empty where nothing is to be done
 */
public record Finding(CheckVerdict verdict, String observed, String sentence, String advice) {

    /** The same with something more in its sentence. */
    public Finding and(String more) {
        return new Finding(verdict, observed, sentence + more, advice);
    }

    /** Nothing to do. */
    public static Finding asExpected(String observed, String sentence) {
        return new Finding(CheckVerdict.AS_EXPECTED, observed, sentence, "");
    }

    /** Different from most. */
    public static Finding unusual(String observed, String sentence, String advice) {
        return new Finding(CheckVerdict.UNUSUAL, observed, sentence, advice);
    }

    /** Loses something. */
    public static Finding harmful(String observed, String sentence, String advice) {
        return new Finding(CheckVerdict.HARMFUL, observed, sentence, advice);
    }

    /** Did not happen within what was given to it. */
    public static Finding notObserved(String observed, String sentence) {
        return new Finding(CheckVerdict.NOT_OBSERVED, observed, sentence, "");
    }

    /** Cannot be asked from here; {@code remedy} is what would make it observable. */
    public static Finding notObservable(String sentence, String remedy) {
        return new Finding(CheckVerdict.NOT_OBSERVABLE, "not observable", sentence, remedy);
    }
}
