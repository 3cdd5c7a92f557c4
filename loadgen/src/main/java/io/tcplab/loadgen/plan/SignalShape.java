package io.tcplab.loadgen.plan;

import io.tcplab.kernel.syscall.Signal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A signal by its name, with or without {@code SIG}. */
final class SignalShape implements Shape<Signal> {

    private static Map<String, Signal> words() {
        Map<String, Signal> words = new LinkedHashMap<>();
        for (Signal signal : Signal.values()) {
            words.put(signal.fullName(), signal);
            words.put(signal.name(), signal);
        }
        return words;
    }

    @Override
    public Signal read(Value value) {
        return value.word(words());
    }

    @Override
    public Object write(Signal value) {
        return value.fullName();
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchema.of("enum", List.copyOf(words().keySet()));
    }

    @Override
    public String allowed() {
        return "a signal such as SIGTERM";
    }
}
