package io.tcplab.loadgen.plan;

import java.util.Collection;
import java.util.Locale;

/** Finds the word that was probably meant. */
public final class Typo {

    private Typo() {}

    /** Returns {@code "; did you mean x?"}, or nothing when no word is near. */
    public static String didYouMean(String written, Collection<String> words) {
        String nearest = nearest(written, words);
        return nearest.isEmpty() ? "" : "; did you mean " + nearest + "?";
    }

    /** Returns the word that is near, or nothing. */
    static String nearest(String written, Collection<String> words) {
        String nearest = "";
        int least = Integer.MAX_VALUE;
        for (String word : words) {
            int distance = distance(written.toLowerCase(Locale.ROOT), word.toLowerCase(Locale.ROOT));
            if (distance < least) {
                least = distance;
                nearest = word;
            }
        }
        return least <= Math.max(1, nearest.length() / 3) ? nearest : "";
    }

    /** Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other. */
    static int distance(String from, String to) {
        if (Math.abs(from.length() - to.length()) > to.length()) {
            return Integer.MAX_VALUE;
        }
        int[][] steps = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                steps[i][j] = Math.min(i, j) == 0 ? Math.max(i, j) : least(steps, from, to, i, j);
            }
        }
        return steps[from.length()][to.length()];
    }

    private static int least(int[][] steps, String from, String to, int i, int j) {
        int replaced = steps[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        int least = Math.min(replaced, Math.min(steps[i - 1][j], steps[i][j - 1]) + 1);
        boolean swapped =
                i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        return swapped ? Math.min(least, steps[i - 2][j - 2] + 1) : least;
    }
}
