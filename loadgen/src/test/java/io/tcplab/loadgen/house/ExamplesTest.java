package io.tcplab.loadgen.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples of output, beside the profiles, use the words that the program prints today, and no others. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ExamplesTest {

    private static final Path PROFILES = JavaSource.REPOSITORY.resolve("profiles");
    private static final Pattern WORD = Pattern.compile("\\p{L}{3,}");
    /** What the machine says of itself: programs that listened, and files that they were started with. */
    private static final Pattern FROM_OUTSIDE = Pattern.compile(
            "\\([\\w.-]+, pid \\d+\\)|/(?:tmp|etc|usr)/\\S*|[\\w-]+\\.(?:conf|cfg|js|java)|\\d{4}-\\d\\d-\\d\\d .*UTC");

    @Test
    void everyWordOfAnExampleIsOneOfTheProgramOrOfItsProfile() throws IOException {
        Set<String> known = wordsOfTheProgram();
        Set<String> strange = new TreeSet<>();
        for (Path example : JavaSource.below(PROFILES)
                .filter(f -> f.toString().endsWith(".txt"))
                .toList()) {
            Path profile = Path.of(example.toString().replaceFirst("\\.txt$", ".yaml"));
            Set<String> own = words(Files.readString(profile));
            for (String word :
                    words(FROM_OUTSIDE.matcher(Files.readString(example)).replaceAll(""))) {
                if (!known.contains(word) && !own.contains(word)) {
                    strange.add(JavaSource.name(example) + ": " + word);
                }
            }
        }
        assertThat(strange)
                .as("profiles/refresh, on a quiet machine, makes the examples again")
                .isEmpty();
    }

    /** Of its strings, and of the names from which it derives others: counters, states, keys. */
    private static Set<String> wordsOfTheProgram() {
        Set<String> words = new HashSet<>();
        for (JavaSource source : JavaSource.ofMainCode()) {
            source.scan(new TreeScanner<Void, Void>() {
                @Override
                public Void visitLiteral(LiteralTree literal, Void nothing) {
                    if (literal.getValue() instanceof String text) {
                        words.addAll(words(text));
                    }
                    return null;
                }

                @Override
                public Void visitClass(ClassTree type, Void nothing) {
                    words.addAll(words(type.getSimpleName().toString())); // a warning's code
                    return super.visitClass(type, nothing);
                }

                @Override
                public Void visitVariable(VariableTree variable, Void nothing) {
                    words.addAll(words(variable.getName().toString().replace('_', ' ')));
                    return super.visitVariable(variable, nothing);
                }
            });
        }
        return words;
    }

    private static Set<String> words(String text) {
        Set<String> words = new TreeSet<>();
        Matcher word = WORD.matcher(text);
        while (word.find()) {
            words.add(word.group().toLowerCase(Locale.ROOT));
        }
        return words;
    }
}
