package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.quote;

import com.google.re2j.PatternSyntaxException;
import io.tcplab.loadgen.plan.Protocol.Http;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The keys of protocol http. */
final class HttpKeys {

    private static final Set<String> OUR_HEADERS =
            Set.of("connection", "content-length", "transfer-encoding", "upgrade");

    private static final Pattern VERSIONS = Pattern.compile("1\\.[01]");
    private static final int LONGEST_EXPRESSION = 1000;

    private static final Key<Http, String> METHOD = Key.of(
            "method",
            Shapes.string(Pattern.compile("[A-Z][A-Z0-9_-]{0,29}"), "a method in capitals such as GET"),
            "GET",
            Http::method,
            "the request's method");
    private static final Key<Http, String> PATH = Key.of(
            "path",
            Shapes.string(Pattern.compile("/[!-~]{0,2000}"), "a path that begins with / and has no spaces"),
            "/",
            Http::path,
            "the request's path, with its query");
    private static final Key<Http, String> VERSION = Key.of(
            "version",
            Shapes.text(VERSIONS, "1.0 or 1.1"),
            "1.1",
            Http::version,
            "the HTTP version; with 1.0 a connection is kept only if the server agrees (Connection: keep-alive)");
    /** Kept as the header that it is. */
    private static final Key<Http, String> HOST = Key.optional(
            "host",
            Shapes.string(
                    Pattern.compile("[A-Za-z0-9._~%!$&'()*+,;=:\\[\\]-]{1,255}"),
                    "a host such as www.example.org:8080"),
            _ -> null,
            "the Host header, in place of the target's name and port; short for headers: {Host: …}");

    private static final Key<Http, Map<String, String>> HEADERS = Key.of(
            "headers",
            new FreeKeys<>(
                    Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}"),
                    "is not a header's name (RFC 9110 §5.6.2)",
                    HttpKeys::refuseOurs,
                    Shapes.text(Pattern.compile("[ -~]{0,2000}"), "printable ASCII on one line")),
            Map.of(),
            Http::headers,
            "more request headers, by name; with Expect: 100-continue the body waits for 100 Continue, at most 1s");
    private static final Key<Http, HttpBody> BODY = Key.optional(
            "body",
            new HttpBodyShape(),
            http -> http.body().equals(HttpBody.NONE) ? null : http.body(),
            "the request's body: text, {bytes: 10kB} or {file: order.json}; Content-Length is set");

    private static final Key<HttpExpectation, List<String>> STATUS = Key.of(
            "status",
            new OneOrMore(Shapes.text(Pattern.compile("[2-9]([0-9]{2}|xx)"), "a status such as 200 or 2xx")),
            HttpExpectation.SUCCESS.statuses(),
            HttpExpectation::statuses,
            "the expected statuses: numbers and classes");
    private static final Key<HttpExpectation, String> MATCH = Key.optional(
            "body",
            Shapes.TEXT,
            HttpExpectation::body,
            "an RE2 expression that must match somewhere in the first 64 KiB of the response's body");
    private static final Key<Http, HttpExpectation> EXPECT = Key.of(
            "expect",
            new Form<>(List.of(STATUS, MATCH), HttpKeys::expectation),
            HttpExpectation.SUCCESS,
            Http::expect,
            "what the response must be; any other is an error of its exchange, and the connection stays in use");

    static final Form<Http> FORM =
            new Form<>(List.of(METHOD, HOST, PATH, VERSION, HEADERS, BODY, EXPECT), HttpKeys::http);

    private HttpKeys() {}

    private static void refuseOurs(String name, Value header) {
        if (OUR_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
            throw header.meaning("is set by tcplab itself, as the exchanges and the close require"
                    + (name.equalsIgnoreCase("upgrade")
                            ? "; what an upgrade leads to, such as WebSocket, is spoken by protocol: script"
                            : ""));
        }
    }

    private static HttpExpectation expectation(Given given) {
        String body = given.find(MATCH);
        if (body != null) {
            checkExpression(given.near(MATCH), body);
        }
        List<String> statuses = given.of(STATUS);
        if (statuses.isEmpty()) {
            throw given.near(STATUS).shape("is empty; no response could be as expected");
        }
        return new HttpExpectation(statuses, body);
    }

    private static void checkExpression(Value place, String expression) {
        if (expression.length() > LONGEST_EXPRESSION) {
            throw place.meaning("has more than " + LONGEST_EXPRESSION + " characters");
        }
        try {
            com.google.re2j.Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw place.meaning(quote(expression) + " is no RE2 expression: " + e.getMessage());
        }
    }

    private static Map<String, String> headers(Given given) {
        Map<String, String> headers = given.of(HEADERS);
        String host = given.find(HOST);
        if (host == null) {
            return headers;
        }
        if (headers.keySet().stream().anyMatch("host"::equalsIgnoreCase)) {
            throw given.near(HOST).meaning("stands beside headers.Host; give one of them");
        }
        Map<String, String> all = new LinkedHashMap<>(Map.of("Host", host));
        all.putAll(headers);
        return all;
    }

    private static Http http(Given given) {
        HttpBody body = given.find(BODY);
        Http http = new Http(
                given.of(METHOD),
                given.of(PATH),
                given.of(VERSION),
                headers(given),
                body == null ? HttpBody.NONE : body,
                given.of(EXPECT));
        if (http.method().equals("CONNECT")) {
            throw given.near(METHOD).meaning("CONNECT opens a tunnel, behind which another protocol is spoken");
        }
        if (http.method().equals("HEAD") && http.expect().body() != null) {
            throw given.near(EXPECT).meaning("has a body to match, and a response to HEAD has none (RFC 9110 §9.3.2)");
        }
        if (http.waitsForContinue()) {
            Value headers = given.near(HEADERS);
            if (http.body().length() == 0) {
                throw headers.meaning("Expect: 100-continue has no effect without a body; add one");
            } else if (http.isVersion10()) {
                throw headers.meaning("Expect: 100-continue has no effect with HTTP/1.0 (RFC 9110 §10.1.1)");
            }
        }
        return http;
    }
}
