package io.tcplab.loadgen.inspect;

import java.util.Arrays;
import java.util.Optional;

/** What an observed behaviour means for those who connect to the server or run it. */
public enum CheckVerdict {
    /** Loses requests, connections or descriptors, or breaks a rule that clients rely on. */
    HARMFUL("harmful", "harmful"),
    /** Allowed, and different from what most servers do: somebody has to know it. */
    UNUSUAL("unusual", "unusual"),
    /** What specifications and most clients assume. */
    AS_EXPECTED("asExpected", "as expected"),
    /** Nothing happened within the time or the number that was given to it; never "no". */
    NOT_OBSERVED("notObserved", "not observed"),
    /** It cannot be asked from here; the sentence says what would make it observable. */
    NOT_OBSERVABLE("notObservable", "not observable");

    private final String id;
    private final String words;

    CheckVerdict(String id, String words) {
        this.id = id;
        this.words = words;
    }

    /** The word in results. */
    public String id() {
        return id;
    }

    /** The words in a text. */
    public String words() {
        return words;
    }

    /** Whether a person has to read it. */
    public boolean isFinding() {
        return this == HARMFUL || this == UNUSUAL;
    }

    /** The constant with this word. */
    public static Optional<CheckVerdict> byId(String id) {
        return Arrays.stream(values()).filter(each -> each.id.equals(id)).findFirst();
    }
}
