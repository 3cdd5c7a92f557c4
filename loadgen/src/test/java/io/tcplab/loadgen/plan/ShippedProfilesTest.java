package io.tcplab.loadgen.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class ShippedProfilesTest {

    static List<Path> profiles() {
        return ShippedProfiles.files();
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void isReadUnderTheNameOfItsFile(Path file) {
        Profile profile = ProfileReader.read(file, List.of());

        assertThat(file.getFileName()).hasToString(profile.name() + ".yaml");
        assertThat(profile.description()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void isReadAgainFromWhatWasWrittenOfIt(Path file) {
        Profile profile = ProfileReader.read(file, List.of());

        String written = ProfileWriter.write(profile);

        assertThat(ProfileReader.read("profile.yaml", written, List.of())).isEqualTo(profile);
        assertThat(ProfileWriter.write(ProfileReader.read("profile.yaml", written, List.of())))
                .isEqualTo(written);
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void beginsWithTheQuestionThatItAnswers(Path file) {
        assertThat(ShippedProfiles.text(file).lines().findFirst())
                .hasValueSatisfying(line -> assertThat(line).startsWith("# ").containsPattern("[?.]"));
    }
}
