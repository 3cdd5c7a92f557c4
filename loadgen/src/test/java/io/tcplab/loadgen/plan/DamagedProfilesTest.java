package io.tcplab.loadgen.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class DamagedProfilesTest {

    private static final int PER_PROFILE_AND_DAMAGE = 14;
    private static final ProfileSchema SCHEMA = ProfileSchema.load();

    private record Damaged(String what, String text) {}

    private static List<Damaged> damaged() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(20_260_101);
        List<Damaged> all = new ArrayList<>();
        for (Path file : ShippedProfiles.files()) {
            damage(String.valueOf(file.getFileName()), ShippedProfiles.text(file), PER_PROFILE_AND_DAMAGE, random, all);
        }
        damage("every key", EveryKey.YAML, 10 * PER_PROFILE_AND_DAMAGE, random, all);
        return all;
    }

    private static void damage(String name, String whole, int times, RandomGenerator random, List<Damaged> all) {
        for (Damage damage : Damage.values()) {
            for (int i = 0; i < times; i++) {
                String text = whole;
                for (int again = random.nextInt(1, 3); again > 0; again--) {
                    text = text.contains("\nname:") ? damage.apply(text, random) : text;
                }
                all.add(new Damaged(name + " " + damage + " " + i, text));
            }
        }
    }

    @Test
    void eachIsReadOrExplainedInOneSentence() {
        Map<ProfileError.Kind, Integer> kinds = new EnumMap<>(ProfileError.Kind.class);
        int read = 0;
        for (Damaged profile : damaged()) {
            try {
                assertThat(ProfileReader.read("p.yaml", profile.text(), List.of())
                                .mix())
                        .as(profile.what())
                        .isNotEmpty();
                read++;
            } catch (ProfileError e) {
                assertThat(e.getMessage())
                        .as(profile.what())
                        .startsWith("p.yaml:")
                        .hasSizeLessThan(700)
                        .doesNotContainPattern("\\p{Cntrl}|Exception|: null|@[0-9a-f]{6}|io\\.tcplab");
                kinds.merge(e.kind(), 1, Integer::sum);
            }
        }
        assertThat(kinds).as("the damages reach every kind of fault").hasSize(3);
        assertThat(kinds.values()).allSatisfy(count -> assertThat(count).isGreaterThan(50));
        assertThat(read).as("some damage does no harm").isGreaterThan(50);
    }

    @Test
    void theSchemaAcceptsAndRefusesWhatTheReaderDoes() {
        List<Damaged> all = damaged();
        for (String text : Damage.everyValueForEveryWord(EveryKey.YAML)) {
            all.add(new Damaged("every value for every word", text));
        }
        for (Damaged profile : all) {
            Node node = tree(profile);
            if (node == null) {
                continue;
            }
            Map<Mark, String> faults = SCHEMA.faults(node);
            List<String> said = ProfileReader.faults("p.yaml", node, SCHEMA);
            try {
                ProfileReader.read("p.yaml", profile.text(), List.of());
                assertThat(faults)
                        .as("the reader takes %s%n%s", profile.what(), profile.text())
                        .isEmpty();
                assertThat(said).isEmpty();
            } catch (ProfileError e) {
                assertThat(said).as("what validate says of %s", profile.what()).startsWith(e.getMessage());
                // What a key means is the reader's alone; it may find that first, and a fault of shape elsewhere not at
                // all.
                if (e.kind() == ProfileError.Kind.SHAPE) {
                    assertThat(faults)
                            .as("the reader says %s%n%s", e.getMessage(), profile.text())
                            .isNotEmpty();
                }
            }
        }
    }

    private static @Nullable Node tree(Damaged profile) {
        try {
            return ProfileReader.tree("p.yaml", profile.text());
        } catch (ProfileError _) {
            return null;
        }
    }

    @Test
    void whatIsReadFromADamagedProfileIsWrittenAndReadAgain() {
        for (Damaged profile : damaged()) {
            Profile read;
            try {
                read = ProfileReader.read("p.yaml", profile.text(), List.of());
            } catch (ProfileError _) {
                continue;
            }
            assertThat(ProfileReader.read("p.yaml", ProfileWriter.write(read), List.of()))
                    .as(profile.text())
                    .isEqualTo(read);
        }
    }
}
