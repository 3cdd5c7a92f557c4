package io.tcplab.loadgen.result;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.tcplab.loadgen.record.InWords;

/**
 * What became of the requests.
 *
 * @param answered with a whole response, as expected or not: these have a latency
 * @param unexpected of these, the ones whose status or body is not expected
 * @param lost begun, but the connection failed before the response was complete
 * @param notBegun planned, but the server closed the connection as announced, and no other took them over
 */
@JsonIgnoreProperties(value = "errorRate", allowGetters = true)
public record Exchanges(long answered, long unexpected, long lost, long notBegun) {

    public static final Exchanges NONE = new Exchanges(0, 0, 0, 0);

    /** Those that were not answered as expected. */
    public long errors() {
        return unexpected + lost;
    }

    /** Their share of those that were begun, 0 to 1; 0 when none was. */
    @JsonProperty
    public double errorRate() {
        long begun = answered + lost;
        return begun == 0 ? 0 : (double) errors() / begun;
    }

    /** {@code 240 answered, 12 of them not as expected, 3 lost (6.2%)}. */
    public String words() {
        return InWords.count(answered) + " answered"
                + (unexpected == 0 ? "" : ", " + InWords.count(unexpected) + " of them not as expected")
                + (lost == 0 ? "" : ", " + InWords.count(lost) + " lost")
                + (errors() == 0 ? "" : " (" + InWords.percent(errorRate()) + ")")
                + (notBegun == 0 ? "" : ", " + InWords.count(notBegun) + " never begun");
    }

    public Exchanges plus(Exchanges other) {
        return new Exchanges(
                answered + other.answered, unexpected + other.unexpected, lost + other.lost, notBegun + other.notBegun);
    }
}
