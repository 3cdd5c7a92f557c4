package io.tcplab.loadgen.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.result.JsonText;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(10)
class ExperimentsTest {
    private static final int WINDOWS = 14;

    private static final List<Card> CARDS =
            Experiments.all(true).stream().map(Experiment::card).toList();

    @Test
    void everyExperimentHasAnIdOfItsOwn() {
        assertThat(CARDS).extracting(Card::id).doesNotHaveDuplicates();
        assertThat(CARDS).extracting(Card::title).doesNotHaveDuplicates();
    }

    @Test
    void everyCardSaysWhatItVerifiesAndWhy() {
        assertThat(CARDS)
                .allSatisfy(card -> assertThat(
                                Stream.of(card.hypothesis(), card.verifies(), card.because(), card.reading()))
                        .as(card.id())
                        .noneMatch(String::isBlank));
    }

    @Test
    void everyCardSendsTheReaderToAnRfcSectionAndAManPage() {
        assertThat(CARDS)
                .allSatisfy(card -> assertThat(card.reading())
                        .as(card.id())
                        .containsPattern("RFC [0-9]+ §[0-9]")
                        .containsPattern("[a-z_-]\\([1-8]\\)"));
    }

    @Test
    void whatOthersPublishedStandsBesideWhatIsSeen() {
        Finding finding = Finding.published(false, "61 resets", "13 resets");
        assertThat(finding.verdict()).isEqualTo(Verdict.REFUTED);
        assertThat(finding.reason()).isEqualTo("published: 61 resets; here: 13 resets");
    }

    @Test
    void everyClaimButTheOneAboutWindowsHasAnExperiment() {
        List<Integer> borne = CARDS.stream()
                .flatMap(card -> card.claims().stream())
                .distinct()
                .toList();
        assertThat(Claims.all().stream().map(Claim::number).filter(number -> number != WINDOWS))
                .isSubsetOf(borne);
    }

    @Test
    void noExperimentNamesAClaimThatIsNone() {
        assertThat(CARDS.stream().flatMap(card -> card.claims().stream()))
                .isSubsetOf(Claims.all().stream().map(Claim::number).toList());
    }

    @Test
    void onlyTheKernelsOwnTraceAndConnectionTrackingNeedAProgram() {
        assertThat(CARDS)
                .filteredOn(card ->
                        card.needs().contains(Need.BPFTRACE) || card.needs().contains(Need.NFT))
                .extracting(Card::id)
                .containsExactly("S12", "P7");
    }

    @Test
    void trueMinutesAreWaitedForOnlyWhenAsked() {
        assertThat(Experiments.all(false)).noneMatch(each -> each.card().longRun());
        assertThat(Experiments.all(true))
                .hasSizeGreaterThan(Experiments.all(false).size());
    }

    @Test
    void idIsFoundInAnyCase() {
        assertThat(Experiments.byId("c1s")).isPresent();
        assertThat(Experiments.byId("nope")).isEmpty();
        assertThat(Experiments.idsLike("t99")).contains("T1").doesNotContain("C1");
    }

    @Test
    void theListIsOneJsonObjectToo() {
        JsonNode list = JsonText.MAPPER.readTree(LabJson.list(
                Experiments.all(true).stream().map(Experiment::card).toList()));
        assertThat(list.get("experiments").size())
                .isEqualTo(Experiments.all(true).size());
        assertThat(list.get("experiments").get(0).propertyNames())
                .containsExactly("id", "title", "hypothesis", "claims", "needs", "long");
    }
}
