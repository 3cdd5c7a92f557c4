package io.tcplab.loadgen.run;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.report.text.Ink;
import io.tcplab.loadgen.view.View;
import java.io.IOException;
import java.io.PrintWriter;
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

    /** Writes a file that the user named; nothing where none was named. */
    public static void writeFile(@Nullable Path file, Text text) throws CannotRun {
        if (file == null) {
            return;
        }
        try {
            Files.writeString(file, text.get());
        } catch (IOException e) {
            throw new CannotRun("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
