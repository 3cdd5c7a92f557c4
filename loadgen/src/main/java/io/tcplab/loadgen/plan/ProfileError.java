package io.tcplab.loadgen.plan;

/**
 * What is wrong with a profile, in one sentence that names the place, the key, the fault and what is allowed.
 *
 * <p>The message is meant for the person who wrote the profile; the command line prints it as it is and exits with 2.
 */
public final class ProfileError extends RuntimeException {

    private static final int LONGEST_QUOTE = 60;
    private static final int LONGEST_PATH = 120;

    /** At which depth the fault lies. */
    public enum Kind {
        /** It cannot be read, or it is not YAML. */
        SYNTAX,
        /** A key, a type or a unit that the JSON Schema does not know either. */
        SHAPE,
        /** Well formed, but it asks for something that cannot be done. */
        MEANING
    }

    private final Kind kind;
    private final String message;

    ProfileError(Kind kind, Mark at, String path, String sentence) {
        super(null, null, false, false);
        this.kind = kind;
        this.message = at + ": " + (path.isEmpty() ? "" : plain(path, LONGEST_PATH) + ": ") + sentence;
    }

    @Override
    public String getMessage() {
        return message;
    }

    public Kind kind() {
        return kind;
    }

    /** Returns {@code text} in quotation marks, shortened and without control characters, fit for a sentence. */
    static String quote(String text) {
        return '"' + plain(text, LONGEST_QUOTE) + '"';
    }

    /** Returns {@code text} on one line, of at most {@code longest} characters. */
    static String plain(String text, int longest) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (line.length() >= longest) {
                return line.append('…').toString();
            }
            char c = text.charAt(i);
            line.append(c == '\n' || c == '\t' ? ' ' : Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
        }
        return line.toString();
    }
}
