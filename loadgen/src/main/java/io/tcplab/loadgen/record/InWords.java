package io.tcplab.loadgen.record;

import java.util.Locale;

/** Figures as a person reads them: a unit that fits, three significant digits, thousands apart. */
public final class InWords {

    private InWords() {}

    /** A time: {@code 850 ns}, {@code 13.6 µs}, {@code 1.05 ms}, {@code 2.30 s}. */
    public static String micros(double micros) {
        if (micros < 0) {
            return "-" + micros(-micros);
        }
        if (micros == 0) {
            return "0";
        }
        if (micros < 0.9995) {
            return significant(micros * 1000) + " ns";
        }
        if (micros < 999.5) {
            return significant(micros) + " µs";
        }
        if (micros < 999_500) {
            return significant(micros / 1000) + " ms";
        }
        return significant(micros / 1_000_000) + " s";
    }

    /** A length of time: {@code 10 s}, {@code 2.5 s}, {@code 5 min 3 s}. */
    public static String seconds(double seconds) {
        if (seconds < 120) {
            return plain(seconds) + " s";
        }
        long whole = Math.round(seconds);
        return whole % 60 == 0 ? whole / 60 + " min" : whole / 60 + " min " + whole % 60 + " s";
    }

    /** A whole number: {@code 28,232}. */
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** A rate or another figure: whole in full, else to three significant digits: {@code 28,232}, {@code 42.3}, {@code 0.517}. */
    public static String rate(double value) {
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%,.0f", value) : significant(value);
    }

    /** A share: {@code 0.1%} for 0.001. */
    public static String percent(double fraction) {
        double percent = fraction * 100;
        if (percent != 0 && percent < 0.001) {
            return "<0.001%";
        }
        return plain(percent < 1 ? percent : Math.round(percent * 100) / 100.0) + "%";
    }

    /** Up to three decimals, none that are zero. */
    public static String plain(double value) {
        String text = String.format(Locale.ROOT, "%,.3f", value);
        return text.replaceFirst("\\.?0+$", "");
    }

    /** Three significant digits, more before the point: {@code 0.517}, {@code 7.90}, {@code 15.1}, {@code 4,998}. */
    public static String significant(double value) {
        double size = Math.abs(value);
        int decimals = size < 0.9995 ? 3 : size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
