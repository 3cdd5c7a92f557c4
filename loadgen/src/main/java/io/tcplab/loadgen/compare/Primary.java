package io.tcplab.loadgen.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The few figures that a comparison decides by, named before the first round: what was served, how fast, at what cost, and what went
 * wrong. Each is the first of its figures that both contenders have; a profile that sends nothing has connections in place of exchanges.
 *
 * <p>Few on purpose: every further figure that is looked at takes power from the others, since the chance of a false alarm is held over
 * all of them together.
 */
public enum Primary {
    RATE(false, "exchanges/s", "slower", ComparedFigure.EXCHANGES, ComparedFigure.CONNECTIONS),
    P50(true, "response p50", "slower", ComparedFigure.RESPONSE_P50, ComparedFigure.CONNECT_P50),
    P99(true, "response p99", "slower", ComparedFigure.RESPONSE_P99, ComparedFigure.CONNECT_P99),
    CPU(true, "CPU per exchange", "more expensive", ComparedFigure.CPU, ComparedFigure.CLIENT_CPU),
    ERRORS(true, "errors", "more", ComparedFigure.ERRORS);

    private final boolean largerIsWorse;
    private final String name;
    private final String worse;

    @SuppressWarnings("ImmutableEnumChecker") // List.of makes it so
    private final List<ComparedFigure> candidates;

    Primary(boolean largerIsWorse, String name, String worse, ComparedFigure... candidates) {
        this.largerIsWorse = largerIsWorse;
        this.name = name;
        this.worse = worse;
        this.candidates = List.of(candidates);
    }

    /** Whether the contender with the larger figure does worse. */
    boolean largerIsWorse() {
        return largerIsWorse;
    }

    /** What the one that does worse is: {@code slower}. */
    String worse() {
        return worse;
    }

    /** The figure in a sentence; where another one stands in, its own name. */
    String words(ComparedFigure figure) {
        if (figure == ComparedFigure.CLIENT_CPU) {
            return "the client's CPU per exchange";
        }
        return figure == candidates.getFirst() ? name : figure.label().replace(" (µs)", "");
    }

    /** The role that a figure has; absent = it is a secondary one. */
    static @Nullable Primary of(ComparedFigure figure) {
        return Arrays.stream(values())
                .filter(each -> each.candidates.contains(figure))
                .findFirst()
                .orElse(null);
    }

    /** The primary figures of two contenders. */
    public static List<ComparedFigure> figures(Contender first, Contender second) {
        List<ComparedFigure> figures = new ArrayList<>();
        for (Primary role : values()) {
            role.candidates.stream()
                    .filter(figure -> present(first.of(figure), figure) || present(second.of(figure), figure))
                    .filter(figure -> first.of(figure) != null && second.of(figure) != null)
                    .findFirst()
                    .ifPresent(figures::add);
        }
        return figures;
    }

    /** A figure that is 0 throughout measures nothing, but for errors. */
    private static boolean present(double @Nullable [] values, ComparedFigure figure) {
        return values != null
                && (figure == ComparedFigure.ERRORS || Arrays.stream(values).anyMatch(value -> value != 0));
    }
}
