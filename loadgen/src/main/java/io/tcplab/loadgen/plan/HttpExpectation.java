package io.tcplab.loadgen.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which responses are as they should be.
 *
 * @param statuses numbers and classes: {@code 304}, {@code 2xx}
 * @param body an RE2 expression that is somewhere in the body's first 64 KiB; absent = any body will do
 */
public record HttpExpectation(
        List<String> statuses, @Nullable String body) {

    /** As wrk, ab and k6 count them: 4xx and 5xx are errors, redirects are none. */
    static final HttpExpectation SUCCESS = new HttpExpectation(List.of("2xx", "3xx"), null);

    public HttpExpectation {
        statuses = List.copyOf(statuses);
    }

    /** Whether a response of this status is expected. */
    public boolean isExpected(int status) {
        String number = String.valueOf(status);
        return statuses.contains(number) || statuses.contains(number.charAt(0) + "xx");
    }
}
