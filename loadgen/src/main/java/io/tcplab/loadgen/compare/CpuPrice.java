package io.tcplab.loadgen.compare;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.record.InWords;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why one contender costs more CPU time than the other, in a sentence. */
final class CpuPrice {

    private CpuPrice() {}

    /** What the more expensive one spent its time on and what it left; empty where CPU time does not tell them apart. */
    static String of(List<Difference> pair, List<Difference> found) {
        Difference cost = found.stream()
                .filter(each -> each.role() == Primary.CPU)
                .findFirst()
                .orElse(null);
        Difference share = only(ComparedFigure.CONNECT_TEARDOWN, pair);
        if (cost == null || share == null) {
            return "";
        }
        boolean second = Sentence.worse(cost).equals(cost.second());
        String worse = Sentence.worse(cost);
        String better = second ? cost.first() : cost.second();
        return " " + worse + " spent " + percent(share, !second) + " of its time in connect and teardown (" + better
                + " "
                + percent(share, second) + ") and left " + timeWaits(pair, !second, " TIME_WAITs") + " (" + better + " "
                + timeWaits(pair, second, "") + ").";
    }

    private static @Nullable Difference only(ComparedFigure figure, List<Difference> among) {
        return among.stream()
                .filter(each -> each.figure() == figure)
                .findFirst()
                .orElse(null);
    }

    private static String percent(Difference share, boolean ofFirst) {
        double value = ofFirst ? share.firstMedian() : share.secondMedian();
        return value < 0.01 && value > 0 ? "under 1%" : Math.round(100 * value) + "%";
    }

    /** For example {@code 2,501 TIME_WAITs on the client}. */
    private static String timeWaits(List<Difference> pair, boolean ofFirst, String noun) {
        List<String> sides = new ArrayList<>();
        for (ComparedFigure figure : List.of(ComparedFigure.CLIENT_TIME_WAIT, ComparedFigure.SERVER_TIME_WAIT)) {
            Difference side = only(figure, pair);
            double sockets = side == null ? 0 : ofFirst ? side.firstMedian() : side.secondMedian();
            if (sockets > 0) {
                sides.add(InWords.rate(sockets) + (sides.isEmpty() ? noun : "") + " on the "
                        + (figure == ComparedFigure.CLIENT_TIME_WAIT ? Side.CLIENT : Side.SERVER).word());
            }
        }
        return sides.isEmpty() ? (noun.isEmpty() ? "none" : "no TIME_WAIT") : String.join(" and ", sides);
    }
}
