package io.tcplab.loadgen.plan;

import io.tcplab.loadgen.plan.Choice.Kind;
import io.tcplab.loadgen.plan.OwnServer.Ready;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** {@code connect}, {@code {log: "started"}} or {@code {http: /health}}. */
final class ReadyShape implements Shape<Ready> {

    static final String CONNECT = "connect";

    private static final Choice<Ready> WITH_VALUE = new Choice<>(List.of(
            new Kind<>(
                    "log",
                    Ready.Log.class,
                    Shapes.string(Pattern.compile("(?s).{1,1000}"), "a text that it prints")
                            .as(Ready.Log::new, Ready.Log::text),
                    "it prints a line with this text, on either stream"),
            new Kind<>(
                    "http",
                    Ready.Http.class,
                    Shapes.string(Pattern.compile("/[!-~]{0,1000}"), "a path such as /health")
                            .as(Ready.Http::new, Ready.Http::path),
                    "a GET of this path is answered with a status below 400")));

    @Override
    public Ready read(Value value) {
        return value.node() instanceof Node.Fields
                ? WITH_VALUE.read(value)
                : value.word(Map.of(CONNECT, new Ready.Connect()));
    }

    @Override
    public Object write(Ready value) {
        return value instanceof Ready.Connect ? CONNECT : WITH_VALUE.write(value);
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchema.of("anyOf", List.of(JsonSchema.of("enum", List.of(CONNECT)), WITH_VALUE.schema()));
    }

    @Override
    public String allowed() {
        return CONNECT + ", or exactly one of log and http with its value";
    }

    @Override
    public Map<String, Shape<?>> inside() {
        return WITH_VALUE.inside();
    }
}
