package io.tcplab.loadgen.plan;

import java.util.Map;

/** HTTP requests of tests. */
final class Requests {

    private Requests() {}

    /** A GET in which only these are not the defaults. */
    static Protocol.Http get(String path, Map<String, String> headers) {
        return new Protocol.Http("GET", path, "1.1", headers, HttpBody.NONE, HttpExpectation.SUCCESS);
    }
}
