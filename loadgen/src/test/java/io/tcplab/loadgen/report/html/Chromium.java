package io.tcplab.loadgen.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A page in a headless Chromium, which has no network and a profile of its own. */
final class Chromium {

    private static final long MOST_SECONDS = 90;

    private final Path place;

    Chromium(Path place) {
        this.place = place;
    }

    static boolean isInstalled() {
        for (String directory : System.getenv("PATH").split(File.pathSeparator)) {
            if (new File(directory, "chromium").canExecute()) {
                return true;
            }
        }
        return false;
    }

    /** What the page is once its scripts have run, and what its console said. */
    record Shown(String dom, String console) {}

    /** Opens a page. */
    Shown open(Path page) throws IOException, InterruptedException {
        Path dom = place.resolve("dom");
        Path console = run(List.of("--dump-dom"), page, dom);
        return new Shown(Files.readString(dom), console(Files.readString(console)));
    }

    /** Prints a page as a PDF. */
    Path print(Path page) throws IOException, InterruptedException {
        Path pdf = place.resolve("page.pdf");
        Path _ = run(List.of("--no-pdf-header-footer", "--print-to-pdf=" + pdf), page, place.resolve("printed"));
        return pdf;
    }

    private Path run(List<String> does, Path page, Path stdout) throws IOException, InterruptedException {
        Path stderr = place.resolve("console");
        List<String> command = new ArrayList<>(List.of(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--user-data-dir=" + place.resolve("profile"),
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--window-size=1200,900",
                "--virtual-time-budget=5000",
                "--enable-logging=stderr",
                "--v=0"));
        command.addAll(does);
        command.add(page.toUri().toString());
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(stdout.toFile()).redirectError(stderr.toFile());
        builder.environment().put("HOME", place.toString());
        Process process = builder.start();
        try {
            assertThat(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS))
                    .as("Chromium ends")
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return stderr;
    }

    /** The lines of the page's own console: {@code [… INFO:CONSOLE:1] "text", source: …}. */
    private static String console(String said) {
        return String.join(
                "\n", said.lines().filter(line -> line.contains(":CONSOLE")).toList());
    }

    static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }
}
