package io.tcplab.loadgen.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({
        "latencies.connect.p99Micros, connect.p99",
        "latencies.connect.count, connect.count",
        "kernel.server.acceptQueue.peak, server.acceptQueue.peak",
        "kernel.client.timeWait.final, client.timeWait.final",
        "kernel.server.counters.TcpExt.ListenOverflows, server.TcpExt.ListenOverflows"
    })
    void thePathInTheResultMeansTheSame(String path, String name) {
        assertThat(Figure.named(path, MEMBERS)).isEqualTo(Figure.named(name, MEMBERS));
    }
}
