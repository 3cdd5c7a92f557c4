package io.tcplab.loadgen.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** User-facing text is current technical English; {@link Wording} lists what it does without. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WordsTest {

    private static final Pattern INLINE_CODE = Pattern.compile("`[^`\n]*`");
    private static final Pattern COMMENT =
            Pattern.compile("/\\*.*?\\*/|\"\"\".*?\"\"\"|(?<![^\\s])#[^\n]*", Pattern.DOTALL);

    private final List<String> found = new ArrayList<>();

    /** What a string literal says may reach a user; a single word is a key. */
    @Test
    void messagesOfTheProgram() {
        for (JavaSource source : JavaSource.ofMainCode()) {
            source.scan(new TreeScanner<Void, Void>() {
                @Override
                public Void visitLiteral(LiteralTree literal, Void nothing) {
                    sentence(literal);
                    return null;
                }

                @Override
                public Void visitBinary(BinaryTree binary, Void nothing) {
                    if (binary.getKind() != Tree.Kind.PLUS) {
                        return super.visitBinary(binary, nothing);
                    }
                    sentence(binary);
                    return super.visitBinary(binary, nothing);
                }

                private void sentence(Tree tree) {
                    String text = text(tree);
                    if (text.strip().contains(" ")) {
                        int line = source.line(source.positions().getStartPosition(source.tree(), tree));
                        look(text, JavaSource.name(source.file()), line);
                    }
                }
            });
        }
        assertThat(found.stream().distinct()).isEmpty();
    }

    @Test
    void documents() throws IOException {
        for (Path file : Stream.concat(
                        Stream.of("README.md", "CHANGELOG.md", "bench/README.md", "bench/RESULTS.md")
                                .map(JavaSource.REPOSITORY::resolve),
                        JavaSource.below(JavaSource.REPOSITORY.resolve("docs"))
                                .filter(file -> file.toString().endsWith(".md")))
                .toList()) {
            look(INLINE_CODE.matcher(Files.readString(file)).replaceAll("``"), JavaSource.name(file), 1);
        }
        assertThat(found).isEmpty();
    }

    @Test
    void helpSchemaAndExamplesOfOutput() throws IOException {
        List<Path> files = new ArrayList<>();
        files.add(Path.of("src/main/resources/io/tcplab/loadgen/cli/help.txt"));
        files.add(JavaSource.REPOSITORY.resolve("profiles/profile.schema.json"));
        JavaSource.below(JavaSource.REPOSITORY.resolve("profiles"))
                .filter(file -> file.toString().endsWith(".txt"))
                .forEach(files::add);
        for (Path file : files) {
            look(Files.readString(file), JavaSource.name(file), 1);
        }
        assertThat(found).isEmpty();
    }

    @Test
    void commentsOfProfilesBenchAndDeployment() throws IOException {
        List<Path> files = new ArrayList<>(
                List.of(JavaSource.REPOSITORY.resolve("tcplab"), JavaSource.REPOSITORY.resolve("docker-compose.yml")));
        for (String directory : List.of("profiles", "bench", "deploy")) {
            JavaSource.below(JavaSource.REPOSITORY.resolve(directory))
                    .filter(file -> !file.toString().matches(".*\\.(md|json|txt|java|jar|class|pyc|o)"))
                    .filter(file -> !Files.isSymbolicLink(file))
                    .forEach(files::add);
        }
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            String text = new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
            if (text.indexOf('\0') < 0) { // not a program that was built there
                look(commentsOf(text), JavaSource.name(file), 1);
            }
        }
        assertThat(found).isEmpty();
    }

    /** The literals of a concatenation, with {@code …} for what is filled in. */
    private static String text(Tree tree) {
        return switch (tree) {
            case LiteralTree literal when literal.getValue() instanceof String text -> text;
            case BinaryTree binary
            when binary.getKind() == Tree.Kind.PLUS -> text(binary.getLeftOperand()) + text(binary.getRightOperand());
            default -> "…";
        };
    }

    /** The text with all that is no comment struck out; lines and columns stay. */
    private static String commentsOf(String text) {
        StringBuilder comments = new StringBuilder(text.replaceAll("\\S", "|"));
        Matcher comment = COMMENT.matcher(text);
        while (comment.find()) {
            comments.replace(comment.start(), comment.end(), comment.group());
        }
        return comments.toString();
    }

    private void look(String text, Path file, int firstLine) {
        for (Wording wording : Wording.AVOIDED) {
            Matcher matcher = wording.pattern().matcher(text);
            while (matcher.find()) {
                long line = firstLine
                        + text.substring(0, matcher.start())
                                .chars()
                                .filter(c -> c == '\n')
                                .count();
                found.add("%s:%d: \"%s\"; write: %s"
                        .formatted(file, line, matcher.group().replaceAll("[\\s#*]+", " "), wording.instead()));
            }
        }
    }
}
