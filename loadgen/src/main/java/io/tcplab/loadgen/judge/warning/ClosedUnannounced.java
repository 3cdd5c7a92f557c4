package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;
import static io.tcplab.loadgen.record.InWords.plain;

import io.tcplab.loadgen.record.CauseTally;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.Spread;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The server closed connections right after a response in which it had not announced that.
 *
 * @param closed connections whose close was seen
 * @param leastExchanges answered on such a connection
 * @param mostExchanges likewise
 * @param lost requests that were on their way: those that met the close, and those whose connection was reset after as many exchanges
 */
public record ClosedUnannounced(long closed, double leastExchanges, double mostExchanges, long lost)
        implements RunWarning {

    static final ClosedUnannounced EXAMPLE = new ClosedUnannounced(293, 10, 10, 105);

    static List<RunWarning> in(Facts facts) {
        Spread exchanges = null;
        long closed = 0;
        long lost = 0;
        for (CauseTally.Counted cause : facts.measured().causes()) {
            switch (cause.cause().incident()) {
                case CLOSED_AFTER_RESPONSE -> {
                    exchanges = Spread.together(exchanges, closed, cause.exchanges(), cause.count());
                    closed += cause.count();
                }
                case LOST_TO_CLOSE -> {
                    exchanges = Spread.together(exchanges, closed, cause.exchanges(), cause.count());
                    lost += cause.count();
                }
                default -> {}
            }
        }
        return exchanges == null
                ? List.of()
                : List.of(new ClosedUnannounced(
                        closed, exchanges.min(), exchanges.max(), lost + resets(facts, exchanges)));
    }

    /** A request that comes between the server's decision and its close(2) is unread data: the close is an RST (RFC 1122 §4.2.2.13). */
    private static long resets(Facts facts, Spread exchanges) {
        return facts.measured().causes().stream()
                .filter(each -> each.cause().incident() == Incident.RESET_BEFORE_RESPONSE)
                .filter(each -> isWithin(each.exchanges(), exchanges))
                .mapToLong(CauseTally.Counted::count)
                .sum();
    }

    private static boolean isWithin(@Nullable Spread one, Spread other) {
        return one != null && one.min() > 0 && one.min() >= other.min() && one.max() <= other.max();
    }

    @Override
    public String when() {
        return "the server closed connections right after a response without having announced it (Connection: close)";
    }

    @Override
    public String message() {
        boolean one = leastExchanges == mostExchanges;
        return "the server closed " + count(closed) + " connections after "
                + (one ? "" : plain(leastExchanges) + " to ") + plain(mostExchanges)
                + (mostExchanges == 1 ? " exchange" : " exchanges") + " without announcing it"
                + (lost == 0 ? "" : "; " + count(lost) + " requests that were on their way were lost");
    }

    @Override
    public String advice() {
        return "let the server say Connection: close with the last response, raise its limit of requests or of time per connection, or"
                + " plan fewer exchanges; a request that is lost can be repeated only where it is safe to repeat";
    }
}
