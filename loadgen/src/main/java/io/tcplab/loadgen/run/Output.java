package io.tcplab.loadgen.run;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.report.text.Ink;
import io.tcplab.loadgen.result.FileTrouble;
import io.tcplab.loadgen.result.StreamedFile;
import io.tcplab.loadgen.view.View;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a command writes, and how much.
 *
 * @param stdout for the result
 * @param stderr for progress and errors
 * @param ink of the text on stdout
 * @param json the result as JSON on stdout, and nothing else
 * @param quiet nothing but errors
 * @param directory the results directory itself; absent = a new one below {@code results}
 * @param junit file of the JUnit XML report; absent = none
 * @param view what is seen while it runs; closed by the command before it prints
 */
public record Output(
        PrintWriter stdout,
        PrintWriter stderr,
        Ink ink,
        boolean json,
        boolean quiet,
        @Nullable Path directory,
        @Nullable Path junit,
        View view) {

    /** Where nothing is shown but what is printed at the end. */
    public Output(
            PrintWriter stdout,
            PrintWriter stderr,
            Ink ink,
            boolean json,
            boolean quiet,
            @Nullable Path directory,
            @Nullable Path junit) {
        this(stdout, stderr, ink, json, quiet, directory, junit, View.NONE);
    }

    /** A result in one form. */
    public interface Text {
        String get();
    }

    /** Whether progress is not shown. */
    public boolean silent() {
        return json || quiet;
    }

    /** Prints a result as it was asked for. */
    public void print(Text inWords, Text inJson) {
        if (json) {
            stdout.print(inJson.get());
        } else if (!quiet) {
            stdout.print(inWords.get());
        }
        stdout.flush();
    }

    /** Writes the JUnit XML report, where it was asked for. */
    public void writeJunit(Text xml) throws CannotRun {
        writeFile(junit, xml);
    }

    /** Writes a file that the user named, and the directories that it lacks; nothing where none was named. */
    public static void writeFile(@Nullable Path file, Text text) throws CannotRun {
        if (file == null) {
            return;
        }
        try {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null && !Files.isDirectory(parent)) {
                Path _ = Files.createDirectories(parent);
            }
            write(file, text.get());
        } catch (IOException e) {
            throw new CannotRun(
                    "The file " + file + " cannot be written: " + FileTrouble.of(e) + "; choose another place.", e);
        }
    }

    /** Whole or not at all, where it is a file and not a device such as {@code /dev/stdout}. */
    private static void write(Path file, String text) throws IOException {
        boolean isThere = Files.exists(file);
        if (isThere && !Files.isRegularFile(file)) {
            Files.writeString(file, text);
            return;
        }
        try (StreamedFile whole = StreamedFile.at(isThere ? file.toRealPath() : file.toAbsolutePath())) {
            whole.stream().write(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
