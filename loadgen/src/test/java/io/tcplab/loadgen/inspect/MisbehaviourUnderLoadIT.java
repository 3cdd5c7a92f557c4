package io.tcplab.loadgen.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.companion.misbehave.Misbehaviour;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beside two busy loops, the kinds that are told from their opposite by time give the same findings. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class MisbehaviourUnderLoadIT {

    private static final int LOOPS = 2;
    private final List<Process> busy = new ArrayList<>();

    @BeforeEach
    void begin() throws Exception {
        for (int i = 0; i < LOOPS; i++) {
            busy.add(new ProcessBuilder("sh", "-c", "while :; do :; done").start());
        }
    }

    @AfterEach
    void end() {
        busy.forEach(Process::destroyForcibly);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "none",
                "speaks-first",
                "one-at-a-time",
                "half-close-silence",
                "close-early",
                "deaf-before-close",
                "ignore-expect",
                "delay-body"
            })
    void eachKindGivesItsFindingAndNoOther(String kind) throws Exception {
        try (MisbehavingProcess server = MisbehavingProcess.start(kind)) {
            Inspected inspected = Inspected.of(server.address(), Duration.ofMillis(4_000));
            Set<String> expected =
                    Misbehaviour.parse(kind).stream().map(Misbehaviour::check).collect(Collectors.toSet());
            assertThat(inspected.findings().keySet())
                    .as("%s gives %s", kind, inspected.findings())
                    .isEqualTo(expected);
        }
    }
}
