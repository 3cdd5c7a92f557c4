package io.tcplab.loadgen.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.MethodTree;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long a line, a method and a command may be. A limit that is reached asks for a name for the part that goes elsewhere. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ShapeTest {

    private static final int COLUMNS = 140;
    private static final int METHOD_LINES = 60;
    private static final int COMMAND_LINES = 80;

    @Test
    void noLineOfJavaIsLongerThan140Columns() throws IOException {
        List<String> longLines = new ArrayList<>();
        for (Path file : Stream.of("src/main/java", "src/test/java")
                .flatMap(directory -> JavaSource.javaFiles(directory).stream())
                .toList()) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).codePoints().count() > COLUMNS) {
                    longLines.add(JavaSource.name(file) + ":" + (i + 1));
                }
            }
        }
        assertThat(longLines).as("lines over " + COLUMNS + " columns").isEmpty();
    }

    @Test
    void noMethodIsLongerThan60Lines() {
        List<String> longMethods = new ArrayList<>();
        for (JavaSource source : JavaSource.ofMainCode()) {
            source.scan(new TreeScanner<Void, Void>() {
                @Override
                public Void visitMethod(MethodTree method, Void nothing) {
                    int first = source.line(source.positions().getStartPosition(source.tree(), method));
                    int last = source.line(source.positions().getEndPosition(source.tree(), method));
                    if (last - first + 1 > METHOD_LINES) {
                        longMethods.add("%s:%d %s: %d lines"
                                .formatted(JavaSource.name(source.file()), first, method.getName(), last - first + 1));
                    }
                    return super.visitMethod(method, nothing);
                }
            });
        }
        assertThat(longMethods).as("methods over " + METHOD_LINES + " lines").isEmpty();
    }

    /** A command parses its options and calls a session. */
    @Test
    void noCommandIsLongerThan80Lines() throws IOException {
        List<String> longCommands = new ArrayList<>();
        for (Path file : JavaSource.javaFiles("src/main/java/io/tcplab/loadgen/cli")) {
            long lines = Files.readAllLines(file).size();
            if (file.toString().endsWith("Command.java") && lines > COMMAND_LINES) {
                longCommands.add(JavaSource.name(file) + ": " + lines + " lines");
            }
        }
        assertThat(longCommands).as("commands over " + COMMAND_LINES + " lines").isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIsFor() {
        assertThat(JavaSource.javaFiles("src/main/java").stream()
                        .map(Path::getParent)
                        .distinct()
                        .filter(directory -> !Files.exists(directory.resolve("package-info.java")))
                        .map(JavaSource::name))
                .as("packages without package-info.java")
                .isEmpty();
    }
}
