package io.tcplab.loadgen.house;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** One Java file of the repository, parsed by javac and not compiled. */
record JavaSource(Path file, CompilationUnitTree tree, SourcePositions positions) {

    static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> MODULES = List.of("kernel-probe", "target-server", "loadgen");

    /** All files of {@code src/main/java} of the three modules, by name. */
    static List<JavaSource> ofMainCode() {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        JavacTask task = (JavacTask) javac.getTask(
                null,
                null,
                problem -> {},
                List.of("-proc:none"),
                null,
                javac.getStandardFileManager(null, null, null).getJavaFileObjectsFromPaths(javaFiles("src/main/java")));
        SourcePositions positions = Trees.instance(task).getSourcePositions();
        List<JavaSource> sources = new ArrayList<>();
        try {
            for (CompilationUnitTree tree : task.parse()) {
                sources.add(new JavaSource(Path.of(tree.getSourceFile().toUri()), tree, positions));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sources;
    }

    /** The Java files below a directory of each module, sorted. */
    static List<Path> javaFiles(String directory) {
        return MODULES.stream()
                .map(module -> REPOSITORY.resolve(module).resolve(directory))
                .flatMap(root -> below(root).filter(file -> file.toString().endsWith(".java")))
                .toList();
    }

    /** All files below a directory, sorted, without what a build or an editor keeps there. */
    static Stream<Path> below(Path root) {
        if (!Files.exists(root)) {
            return Stream.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files
                    .filter(Files::isRegularFile)
                    .filter(file -> !root.relativize(file).toString().matches("(.*/)?(target|__pycache__|\\..*)/.*"))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void scan(TreeScanner<?, ?> scanner) {
        scanner.scan(tree, null);
    }

    int line(long position) {
        return (int) tree.getLineMap().getLineNumber(position);
    }

    /** The file as the repository names it. */
    static Path name(Path file) {
        return REPOSITORY.relativize(file.toAbsolutePath().normalize());
    }
}
