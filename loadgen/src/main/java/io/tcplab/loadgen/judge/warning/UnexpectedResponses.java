package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;
import static io.tcplab.loadgen.record.InWords.percent;

import io.tcplab.loadgen.record.Cause;
import io.tcplab.loadgen.record.CauseTally;
import io.tcplab.loadgen.record.Phase;
import io.tcplab.loadgen.result.Exchanges;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Responses came that are not as expected; their connections went on, and may all be completed.
 *
 * @param what the statuses with their counts
 */
public record UnexpectedResponses(long unexpected, long answered, String what) implements RunWarning {

    static final UnexpectedResponses EXAMPLE = new UnexpectedResponses(12, 240, "status 503 (12)");

    static List<RunWarning> in(Facts facts) {
        Exchanges exchanges = facts.summary().exchanges();
        if (exchanges.unexpected() == 0) {
            return List.of();
        }
        String what = facts.measured().causes().stream()
                .filter(each -> isOfResponse(each.cause()))
                .collect(Collectors.groupingBy(
                        each -> each.cause().text(), Collectors.summingLong(CauseTally.Counted::count)))
                .entrySet()
                .stream()
                .sorted((one, other) -> Long.compare(other.getValue(), one.getValue()))
                .map(each -> each.getKey() + " (" + count(each.getValue()) + ")")
                .collect(Collectors.joining(", "));
        return List.of(new UnexpectedResponses(exchanges.unexpected(), exchanges.answered(), what));
    }

    /** What a server says when it closes an idle connection answers no request. */
    private static boolean isOfResponse(Cause cause) {
        return switch (cause.incident()) {
            case STATUS -> cause.phase() != Phase.THINKING && cause.phase() != Phase.HOLDING;
            case BODY_NOT_AS_EXPECTED -> true;
            default -> false;
        };
    }

    @Override
    public String when() {
        return "responses had a status or a body that the profile does not expect";
    }

    @Override
    public String message() {
        return count(unexpected) + " of " + count(answered) + " responses ("
                + percent((double) unexpected / answered) + ") were not as expected: " + what
                + "; their latencies are recorded like the others'";
    }

    @Override
    public String advice() {
        return "see the server's error log; if these responses are right, list them in expect.status of the profile's http";
    }
}
