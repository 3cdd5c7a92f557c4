package io.tcplab.loadgen.plan;

import java.util.Map;

/** What is spoken on a connection. */
public sealed interface Protocol {

    /** The companion's framed request, which says how much to answer and who closes how; the answer's bytes are verified. */
    record Tcplab() implements Protocol {}

    /** The peer sends back what it receives; the bytes are verified. */
    record Echo() implements Protocol {}

    /** Nothing: connect and close. */
    record None() implements Protocol {}

    /**
     * HTTP/1.1 against any server. The last request of a connection that the server is to close carries {@code Connection: close}.
     *
     * @param method request method
     * @param path origin-form target, beginning with a slash
     * @param headers extra request headers, in order
     */
    record Http(String method, String path, Map<String, String> headers) implements Protocol {}
}
