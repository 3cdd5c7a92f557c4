package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.quote;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code protocol}, a word or {@code {http: {…}}}, and {@code http} beside it. */
final class ProtocolReader {

    private static final Pattern METHOD = Pattern.compile("[A-Z]{1,20}");
    private static final Pattern PATH = Pattern.compile("/[!-~]{0,2000}");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
    private static final Pattern HEADER_VALUE = Pattern.compile("[ -~]{0,2000}");
    private static final Set<String> OUR_HEADERS =
            Set.of("connection", "content-length", "transfer-encoding", "upgrade");

    private static final Protocol.Http PLAIN_GET = new Protocol.Http("GET", "/", Map.of());
    private static final Map<String, Protocol> WORDS = words();

    private ProtocolReader() {}

    private static Map<String, Protocol> words() {
        Map<String, Protocol> words = new LinkedHashMap<>();
        for (Protocol protocol : List.of(new Protocol.Tcplab(), new Protocol.Echo(), PLAIN_GET, new Protocol.None())) {
            words.put(word(protocol), protocol);
        }
        return words;
    }

    /** Returns the word that stands for a protocol in a profile. */
    static String word(Protocol protocol) {
        return switch (protocol) {
            case Protocol.Tcplab _ -> "tcplab";
            case Protocol.Echo _ -> "echo";
            case Protocol.Http _ -> "http";
            case Protocol.None _ -> "none";
        };
    }

    static Protocol read(@Nullable Value protocol, @Nullable Value http) {
        if (protocol != null && protocol.node() instanceof Node.Fields) {
            Value inner = Section.of(protocol, "http").only();
            if (http != null) {
                throw http.meaning("is given twice, here and as protocol.http ("
                        + inner.node().at() + ")");
            }
            return http(inner);
        }
        Protocol named = protocol == null ? new Protocol.Tcplab() : protocol.word(WORDS);
        if (http == null) {
            return named;
        }
        if (!(named instanceof Protocol.Http)) {
            throw http.meaning("has no effect with protocol " + word(named) + "; set protocol: http");
        }
        return http(http);
    }

    private static Protocol http(Value value) {
        Section section = Section.of(value, "path", "method", "headers");
        Value path = section.find("path");
        Value method = section.find("method");
        return new Protocol.Http(
                method == null ? "GET" : method.text(METHOD, "a method in capitals such as GET"),
                path == null ? "/" : path.text(PATH, "a path that begins with / and has no spaces"),
                headers(section.find("headers")));
    }

    private static Map<String, String> headers(@Nullable Value value) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (value != null) {
            value.fields().forEach((name, field) -> {
                Value header = new Value(value.path() + "." + name, field.value());
                if (!TOKEN.matcher(name).matches()) {
                    throw header.shape(quote(name) + " cannot be a header's name");
                }
                if (OUR_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                    throw header.meaning("is written by tcplab itself, as the exchanges and the close need it");
                }
                headers.put(name, header.text(HEADER_VALUE, "printable ASCII on one line"));
            });
        }
        return Collections.unmodifiableMap(headers);
    }
}
