package io.tcplab.loadgen.plan;

/** How the limit of a figure is written, and the base unit that it and the figure's value have. */
public enum FigureUnit {
    /** Seconds. */
    TIME(Measure.DURATION.example()) {
        @Override
        double parse(String text) {
            long nanos = Measure.DURATION.parse(text);
            return nanos < 0 ? Double.NaN : nanos / (double) Measure.NANOS_PER_SECOND;
        }
    },
    COUNT(Measure.COUNT.example()) {
        @Override
        double parse(String text) {
            long count = Measure.COUNT.parse(text);
            return count < 0 ? Double.NaN : count;
        }
    },
    /** Per second. */
    RATE("a rate such as 4900/s") {
        @Override
        double parse(String text) {
            return Measure.parseRate(text);
        }
    },
    /** 1 is all of it. */
    FRACTION("a percentage such as 0.1% or a number such as 0.001") {
        @Override
        double parse(String text) {
            return text.endsWith("%")
                    ? Measure.parseNumber(text.substring(0, text.length() - 1)) / 100
                    : Measure.parseNumber(text);
        }
    },
    NUMBER("a number such as 20 or 2.5") {
        @Override
        double parse(String text) {
            return Measure.parseNumber(text);
        }
    };

    private final String allowed;

    FigureUnit(String allowed) {
        this.allowed = allowed;
    }

    /** Returns a limit in the base unit, or NaN when {@code text} is not one of this unit. */
    abstract double parse(String text);

    /** What a limit may look like. */
    String allowed() {
        return allowed;
    }
}
