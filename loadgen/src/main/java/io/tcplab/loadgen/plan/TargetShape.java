package io.tcplab.loadgen.plan;

import io.tcplab.kernel.host.Endpoint;
import java.util.Map;

/** {@code HOST:PORT}. */
final class TargetShape implements Shape<Endpoint> {

    @Override
    public Endpoint read(Value value) {
        try {
            return Endpoint.parse(value.text(allowed()));
        } catch (IllegalArgumentException wrong) {
            throw value.meaning(String.valueOf(wrong.getMessage()));
        }
    }

    @Override
    public Object write(Endpoint value) {
        return value.toString();
    }

    @Override
    public Map<String, Object> schema() {
        return Shapes.TEXT.schema();
    }

    @Override
    public String allowed() {
        return "HOST:PORT, such as 127.0.0.1:9000 or \"[::1]:9000\"";
    }
}
