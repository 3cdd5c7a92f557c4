package io.tcplab.loadgen.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.cli.CommandLineAccess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code serve --misbehave KIND --tls}: the same findings, and those of TLS itself. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class MisbehaviourOverTlsIT {

    private static final Duration PATIENCE = Duration.ofMillis(4_000);

    private static final int AT_A_TIME = 3;

    private static Inspections<String, Inspected> inspections;

    @BeforeAll
    static void begin() {
        inspections = Inspections.begin(AT_A_TIME, kinds(), MisbehaviourOverTlsIT::inspected);
    }

    @AfterAll
    static void end() {
        inspections.close();
    }

    /** Those of TLS itself, and of the others one of each way in which a connection ends; bench/inspect/misbehave --tls has all. */
    static List<String> kinds() {
        return List.of(
                "none",
                "no-resumption",
                "no-close-notify",
                "reset-handshake",
                "reset-silent",
                "half-close-drop",
                "reset-early-answer",
                "leak-on-reset",
                "reset-idle",
                "reset-slow",
                "drop-pipelined");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void eachKindGivesItsFindingOverTlsAndNoOther(String kind) throws Exception {
        Inspected inspected = inspections.of(kind);
        inspected.assertFindingsOf(kind);
        assertThat(inspected.ids()).contains("T1", "T2", "T3");
    }

    private static Inspected inspected(String kind) throws Exception {
        try (MisbehavingProcess server = MisbehavingProcess.start(kind, "--tls")) {
            return Inspected.of(server.address(), PATIENCE, "--tls", "--insecure", "--large-path", "/?size=16000000");
        }
    }

    @Test
    void aKindOfTlsNeedsTls() {
        CommandLineAccess.Ran ran = CommandLineAccess.run(List.of("serve", "--misbehave", "no-close-notify,lenient"));
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.stderr()).contains("no-close-notify").contains("--tls").doesNotContain("lenient");
    }
}
