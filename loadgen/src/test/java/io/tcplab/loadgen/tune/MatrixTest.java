package io.tcplab.loadgen.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.plan.TuneKeys;
import io.tcplab.loadgen.rounds.Rounds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Cells, rounds, and what counts as apart. */
@Timeout(30)
class MatrixTest {

    private static Map<Knob, List<String>> knobs(int knobs, String... values) {
        Map<Knob, List<String>> all = new LinkedHashMap<>();
        for (int i = 0; i < knobs; i++) {
            all.put(new Knob(Knob.Kind.CLIENT_SYSCTL, "net.ipv4.k" + i), List.of(values));
        }
        return all;
    }

    @Test
    void aFullMatrixHasEveryCombinationOnce() {
        List<Cell> cells = Matrix.full(knobs(3, "0", "1"));
        assertThat(cells).hasSize(8).doesNotHaveDuplicates();
        assertThat(cells.getFirst().sets())
                .containsExactly(
                        "sysctls.client.net.ipv4.k0=0", "sysctls.client.net.ipv4.k1=0", "sysctls.client.net.ipv4.k2=0");
    }

    @Test
    void pairwiseContainsEveryPairOfValuesInFewerCells() {
        Map<Knob, List<String>> knobs = knobs(4, "0", "1", "2");
        List<Cell> cells = Matrix.pairwise(knobs);
        assertThat(cells.size()).isLessThan(20);
        List<Knob> keys = List.copyOf(knobs.keySet());
        for (Knob a : keys) {
            for (Knob b : keys.subList(keys.indexOf(a) + 1, keys.size())) {
                for (String x : List.of("0", "1", "2")) {
                    for (String y : List.of("0", "1", "2")) {
                        assertThat(cells)
                                .anyMatch(cell -> x.equals(cell.settings().get(a))
                                        && y.equals(cell.settings().get(b)));
                    }
                }
            }
        }
    }

    @Test
    void everyShippedTuningSpansCellsThatAreProfiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("..", "profiles", "tune"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
                List<Cell> cells = Matrix.of(TuneKeys.read(file));
                assertThat(cells).as("%s", file).hasSizeGreaterThan(1).doesNotHaveDuplicates();
                for (Cell cell : cells) {
                    assertThat(ProfileReader.read(file, cell.sets()).name())
                            .isEqualTo(file.getFileName().toString().replace(".yaml", ""));
                }
            }
        }
    }

    @Test
    void anUnknownKeyOfATuningIsRefusedWithItsPlace(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("t.yaml");
        Files.writeString(file, "tune: {repeat: 2, matrixes: []}\n");
        assertThatThrownBy(() -> TuneKeys.read(file))
                .hasMessageContaining("matrixes")
                .hasMessageContaining("matrices");
    }

    @Test
    void roundsAreInterleaved() throws CannotRun {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        List<List<String>> results = new Rounds(3, 1).run(List.of("a", "b"), (plan, round) -> {
            order.add(plan + round);
            return plan + round;
        });
        assertThat(order).containsExactly("a1", "b1", "a2", "b2", "a3", "b3");
        assertThat(results).containsExactly(List.of("a1", "a2", "a3"), List.of("b1", "b2", "b3"));
    }

    @Test
    void anInterruptedRoundCountsForNone() throws CannotRun {
        Rounds rounds = new Rounds(5, 1);
        List<List<String>> results = rounds.run(List.of("a", "b"), (plan, round) -> {
            if (round == 2 && plan.equals("a")) {
                rounds.interrupt();
            }
            return plan + round;
        });
        assertThat(results).containsExactly(List.of("a1"), List.of("b1"));
    }

    @Test
    void countsAreApartOnlyFarBeyondTheirOwnSpread() {
        assertThat(Counted.apart(new double[] {100, 100}, new double[] {600, 600}))
                .isTrue();
        assertThat(Counted.apart(new double[] {100, 100}, new double[] {100, 100}))
                .isFalse();
        assertThat(Counted.apart(new double[] {100, 140}, new double[] {150, 180}))
                .isFalse();
        assertThat(Counted.apart(new double[] {1000, 1000}, new double[] {1010, 1010}))
                .isFalse();
        assertThat(Counted.apart(new double[] {100}, new double[] {600})).isFalse();
    }
}
