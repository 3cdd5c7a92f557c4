package io.tcplab.loadgen.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

/** What is made from the table of keys is as the table is. With {@code -Dtcplab.refresh=true} the files are made anew. */
@Timeout(20)
class ProfileKeysTest {

    private static final boolean REFRESH = Boolean.getBoolean("tcplab.refresh");
    private static final Path SCHEMA = Path.of("..", "profiles", "profile.schema.json");
    private static final Path PAGE = Path.of("..", "docs", "profile-keys.md");

    @Test
    void theSchemaIsTheOneOfTheKeys() throws IOException {
        String json = JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(ProfileSchema.ofKeys());

        assertMadeOf(json + "\n", SCHEMA);
    }

    @Test
    void thePageOfKeysIsTheOneOfTheKeys() throws IOException {
        assertMadeOf(KeyPage.of(ProfileKeys.form("")) + FigurePage.section(), PAGE);
    }

    private static void assertMadeOf(String made, Path file) throws IOException {
        if (REFRESH) {
            Files.writeString(file, made);
        }
        assertThat(Files.readString(file)).isEqualTo(made);
    }

    @Test
    void everyKeyHasASentenceAndADefaultThatItsShapeCanRead() {
        Set<Shape<?>> seen = new HashSet<>();
        check("", ProfileKeys.form(""), seen);
        assertThat(seen.size()).isGreaterThan(50);
    }

    private static void check(String path, Shape<?> shape, Set<Shape<?>> seen) {
        seen.add(shape);
        if (shape instanceof Form<?> form) {
            for (Key<?, ?> key : form.keys()) {
                assertThat(key.sentence()).as(path + key.name()).isNotBlank().doesNotEndWith(".");
                assertThat(key.shape().allowed()).as(path + key.name()).isNotBlank();
                assertReadable(path + key.name(), key);
            }
        }
        for (Map.Entry<String, Shape<?>> inside : shape.inside().entrySet()) {
            check(path + inside.getKey() + ".", inside.getValue(), seen);
        }
    }

    private static <T> void assertReadable(String path, Key<?, T> key) {
        Object written = key.writtenDefault();
        if (written != null) {
            Node node = YamlTree.read("p.yaml", YamlText.write(Map.of("x", written)));
            Node value = ((Node.Fields) node).fields().get("x").value();
            assertThat(key.shape().read(new Value(path, value))).isEqualTo(key.otherwise());
        }
    }
}
