package io.tcplab.loadgen.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ClaimsTest {

    private static LabResult result(String id, int claim, Finding finding) {
        return new LabResult(
                Card.of(id, id).claims(claim),
                true,
                finding.verdict(),
                finding.reason(),
                Map.of(claim, finding),
                Evidence.NONE,
                1,
                1,
                1,
                List.of());
    }

    private static Claims.Answer answer(int number, LabResult... results) {
        return Claims.answers(List.of(results)).get(number - 1);
    }

    @Test
    void claimsAreInTheDocumentsOrder() {
        assertThat(Claims.all())
                .extracting(Claim::number)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 57).boxed().toList());
    }

    @Test
    void differentAnswersMakeACondition() {
        Claims.Answer answer =
                answer(4, result("A", 4, Finding.holds("four")), result("B", 4, Finding.refuted("three")));
        assertThat(answer.here()).isEqualTo(Verdict.CONDITIONAL);
        assertThat(answer.experiments()).containsExactly("A", "B");
        assertThat(answer.differs()).isFalse();
    }

    @Test
    void anUntestableAnswerChangesNothing() {
        Claims.Answer answer =
                answer(1, result("A", 1, Finding.untestable("no")), result("B", 1, Finding.holds("yes")));
        assertThat(answer.here()).isEqualTo(Verdict.HOLDS);
    }

    @Test
    void aClaimWithoutExperimentIsUntestable() {
        assertThat(answer(14).here()).isEqualTo(Verdict.UNTESTABLE);
        assertThat(answer(14).differs()).isFalse();
    }

    @Test
    void anotherAnswerThanTheKnownOneIsMarked() {
        List<Claims.Answer> answers = Claims.answers(List.of(result("A", 1, Finding.refuted("two segments"))));
        assertThat(answers.getFirst().differs()).isTrue();
        assertThat(LabText.claims(answers, "9.9"))
                .contains("≠ Linux 6.18: holds")
                .contains("two segments");
    }
}
