package io.tcplab.loadgen.inspect;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Beside two busy loops, the kinds that are told from their opposite by time give the same findings. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class MisbehaviourUnderLoadIT {

    private static final int LOOPS = 2;

    private static final int AT_A_TIME = 2;

    private static final List<Process> BUSY = new ArrayList<>();
    private static Inspections<String, Inspected> inspections;

    @BeforeAll
    static void begin() throws Exception {
        for (int i = 0; i < LOOPS; i++) {
            BUSY.add(new ProcessBuilder("sh", "-c", "while :; do :; done").start());
        }
        inspections = Inspections.begin(AT_A_TIME, kinds(), MisbehaviourUnderLoadIT::inspected);
    }

    @AfterAll
    static void end() {
        inspections.close();
        BUSY.forEach(Process::destroyForcibly);
    }

    static List<String> kinds() {
        return List.of(
                "none",
                "speaks-first",
                "one-at-a-time",
                "half-close-silence",
                "close-early",
                "deaf-before-close",
                "ignore-expect",
                "delay-body");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void eachKindGivesItsFindingAndNoOther(String kind) throws Exception {
        inspections.of(kind).assertFindingsOf(kind);
    }

    private static Inspected inspected(String kind) throws Exception {
        try (MisbehavingProcess server = MisbehavingProcess.start(kind)) {
            return Inspected.of(server.address(), Duration.ofMillis(4_000));
        }
    }
}
