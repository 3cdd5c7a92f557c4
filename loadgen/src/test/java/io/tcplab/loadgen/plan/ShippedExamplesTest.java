package io.tcplab.loadgen.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Beside each profile stands what it prints, as {@code profiles/refresh} wrote it. */
@Timeout(60)
class ShippedExamplesTest {

    static List<Path> profiles() {
        return files(".yaml");
    }

    static List<Path> examples() {
        return files(".txt");
    }

    private static List<Path> files(String suffix) {
        try (Stream<Path> files = Files.walk(ShippedProfiles.DIRECTORY, 2)) {
            return files.filter(f -> f.toString().endsWith(suffix)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path sibling(Path file, String suffix) {
        return file.resolveSibling(file.getFileName().toString().replaceFirst("\\.[a-z]+$", suffix));
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void aProfileHasNoFaultAndAnExampleOfItsOutput(Path profile) throws IOException {
        assertThat(ProfileReader.faults(profile, List.of())).isEmpty();
        List<String> example = Files.readAllLines(sibling(profile, ".txt"));
        assertThat(example.getFirst())
                .startsWith("$ tcplab ")
                .contains("profiles/" + ShippedProfiles.DIRECTORY.relativize(profile));
        assertThat(String.join("\n", example)).doesNotContain("NOT VALID", "✗", "/tmp");
        assertThat(example.size()).isGreaterThan(5);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void anExampleHasItsProfile(Path example) {
        assertThat(sibling(example, ".yaml")).exists();
    }
}
