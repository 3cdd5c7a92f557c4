package io.tcplab.loadgen.inspect;

import java.util.List;
import java.util.Map;

/**
 * A check that ran, or could not.
 *
 * @param card the check
 * @param finding what it found
 * @param evidence what was seen, a line each, in its order
 * @param segments what went over the wire, a line each, of the first connections; empty where segments are not seen
 * @param times seconds by the name of what took them
 * @param figures counts by their name
 * @param seconds how long the check took
 */
public record CheckResult(
        CheckCard card,
        Finding finding,
        List<String> evidence,
        List<String> segments,
        Map<String, Double> times,
        Map<String, Long> figures,
        double seconds) {

    /** The same with another finding. */
    CheckResult with(Finding other) {
        return new CheckResult(card, other, evidence, segments, times, figures, seconds);
    }
}
