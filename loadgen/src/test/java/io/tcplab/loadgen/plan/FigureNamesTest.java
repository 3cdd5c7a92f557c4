package io.tcplab.loadgen.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class FigureNamesTest {

    private static final Set<String> MEMBERS = Set.of("short");

    @Test
    void aMemberMayBeCalledHeldBesideTheFiguresOfWhatWasHeld() {
        Set<String> members = Set.of("held");
        assertThat(Figure.named("held.connect.p99", members)).isInstanceOf(Figure.Latency.class);
        assertThat(Figure.named("held.atEnd", members)).isEqualTo(RunFigure.HELD_AT_END);
    }

    @Test
    void everyFigureIsFoundByItsKeyAndThoseOfAMemberByTheMembersNameToo() {
        assertThat(FigureNames.all()).hasSizeGreaterThan(200);
        for (Figure figure : FigureNames.all()) {
            assertThat(Figure.named(figure.key(), MEMBERS)).isEqualTo(figure);
            Figure ofMember = Figure.named("short." + figure.key(), MEMBERS);
            if (figure instanceof Figure.OfMember shared) {
                assertThat(ofMember).isEqualTo(shared.of("short"));
            } else {
                assertThat(ofMember).isNull();
            }
        }
    }

    @Test
    void everyFigureSaysWhatItIs() {
        assertThat(FigureNames.all())
                .allSatisfy(figure -> assertThat(figure.sentence()).isNotBlank().doesNotEndWith("."));
    }
}
