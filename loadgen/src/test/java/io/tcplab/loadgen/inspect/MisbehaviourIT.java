package io.tcplab.loadgen.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.companion.misbehave.Misbehaviour;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The test of the tester: each misbehaviour gives exactly its finding, and a server that behaves gives none. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class MisbehaviourIT {

    private static final Duration PATIENCE = Duration.ofMillis(4_000);

    private static final int AT_A_TIME = 4;

    private static Inspections<String, Inspected> inspections;

    @BeforeAll
    static void begin() {
        inspections = Inspections.begin(
                AT_A_TIME, Stream.concat(plainKinds(), severalKinds()).toList(), MisbehaviourIT::inspected);
    }

    @AfterAll
    static void end() {
        inspections.close();
    }

    @Test
    void theModelServerHasNoFinding() throws Exception {
        try (MisbehavingProcess server = MisbehavingProcess.start("none")) {
            Inspected inspected = Inspected.of(server.address(), PATIENCE, "--large-path", "/?size=16000000");
            assertThat(inspected.findings()).isEmpty();
            assertThat(inspected.verdicts()).containsOnlyKeys(plain());
            assertThat(inspected.verdicts().values().stream()
                            .filter("asExpected"::equals)
                            .count())
                    .as("%s", inspected.verdicts())
                    .isEqualTo(plain().size() - 2);
        }
    }

    @ParameterizedTest
    @MethodSource("plainKinds")
    void eachMisbehaviourGivesItsFindingAndNoOther(String kind) throws Exception {
        inspections.of(kind).assertFindingsOf(kind);
    }

    /** A 408 that meets a request is no answer to it, and an idle connection may be ended in two bad ways at once. */
    @ParameterizedTest
    @MethodSource("severalKinds")
    void severalKindsGiveTheFindingOfEach(String kinds) throws Exception {
        inspections.of(kinds).assertFindingsOf(kinds);
    }

    static Stream<String> severalKinds() {
        return Stream.of("deaf-before-close,idle-408", "deaf-before-close,reset-idle");
    }

    /** Those of TLS, and of a server that the inspection starts, have tests of their own. */
    static Stream<String> plainKinds() {
        return Arrays.stream(Misbehaviour.values())
                .filter(kind -> !kind.secure() && !List.of("B6", "R2").contains(kind.check()))
                .map(Misbehaviour::id);
    }

    /** The checks that do not need TLS. */
    private static List<String> plain() {
        return Catalogue.all().stream()
                .map(Check::card)
                .filter(card -> card.speaks() != CheckCard.Speaks.TLS)
                .map(CheckCard::id)
                .toList();
    }

    private static Inspected inspected(String kinds) throws Exception {
        try (MisbehavingProcess server = MisbehavingProcess.start(kinds)) {
            return Inspected.of(server.address(), PATIENCE, "--large-path", "/?size=16000000");
        }
    }
}
