package io.tcplab.loadgen.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.companion.misbehave.Misbehaviour;
import io.tcplab.loadgen.run.BadUsage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CatalogueTest {

    /** The kernel does it, it needs TLS, or a server that is started or reloaded. */
    private static final Set<String> WITHOUT_A_KIND = Set.of("B1", "B5", "C7", "R1");

    private static List<String> ids() {
        return Catalogue.all().stream().map(each -> each.card().id()).toList();
    }

    @Test
    void eachCheckHasAnIdOfItsOwnAndSaysWhatWhyAndHow() {
        assertThat(ids()).doesNotHaveDuplicates();
        for (Check each : Catalogue.all()) {
            CheckCard card = each.card();
            assertThat(List.of(card.title(), card.observes(), card.matters(), card.order()))
                    .as(card.id())
                    .doesNotContain("");
            assertThat(card.sources()).as(card.id()).isNotEmpty();
        }
    }

    @Test
    void eachCheckHasAMisbehaviourThatItFinds() {
        Set<String> found = new HashSet<>(
                Arrays.stream(Misbehaviour.values()).map(Misbehaviour::check).toList());
        found.addAll(WITHOUT_A_KIND);
        assertThat(found).containsExactlyInAnyOrderElementsOf(new HashSet<>(ids()));
    }

    @Test
    void theDocumentNamesEachCheckAndEachMisbehaviour() throws IOException {
        String document = Files.readString(Path.of("../docs/inspect.md"));
        for (Check each : Catalogue.all()) {
            assertThat(document)
                    .contains("| " + each.card().id() + " | " + each.card().title() + " |");
        }
        for (Misbehaviour each : Misbehaviour.values()) {
            assertThat(document).contains("| `" + each.id() + "` | " + each.check() + " | " + each.sentence() + " |");
        }
    }

    @Test
    void namedChecksComeInTheOrderOfTheCatalogueAndWithWhatTheyBuildOn() {
        assertThat(Catalogue.chosen(List.of("s3", "B1")))
                .extracting(each -> each.card().id())
                .containsExactly("B1", "S3");
        assertThat(Catalogue.chosen(List.of("I2")))
                .extracting(each -> each.card().id())
                .containsExactly("I1", "I2");
        assertThatThrownBy(() -> Catalogue.chosen(List.of("X9")))
                .isInstanceOf(BadUsage.class)
                .hasMessageContaining("There is no check X9");
    }

    /** What an inspection says before it begins: with --long, I3 sends up to 1,100 requests on each of two connections. */
    @Test
    void thePlanNamesConnectionsRequestsAndSeconds() {
        List<Check> one = Catalogue.chosen(List.of("I3"));
        assertThat(InspectText.plan(subject(false), one, 0))
                .isEqualTo(
                        "inspecting 127.0.0.1:80: at most 4 connections (50 at a time) and 243 requests, about 1 s.\n");
        assertThat(InspectText.plan(subject(true), one, 0)).contains(" and 2203 requests");
        List<Check> all = Catalogue.askable(Catalogue.all(), subject(false));
        assertThat(InspectText.plan(subject(false), all, 0))
                .containsPattern(
                        "at most 3[0-9]{2} connections \\(50 at a time\\) and [0-9]+ requests, about [45][0-9] s; up to 30 s")
                .contains("I2 takes up to 6 times");
    }

    private static Subject subject(boolean longRun) {
        return Inspected.subject(new InetSocketAddress("127.0.0.1", 80), Duration.ofSeconds(30), longRun);
    }

    @Test
    void anUnknownMisbehaviourIsRefusedWithTheListOfAll() {
        assertThat(Misbehaviour.parse("none")).isEmpty();
        assertThat(Misbehaviour.parse("close-wait, lenient"))
                .containsExactly(Misbehaviour.CLOSE_WAIT, Misbehaviour.LENIENT);
        assertThatThrownBy(() -> Misbehaviour.parse("nonsense")).hasMessageContaining("half-close-silence");
    }
}
