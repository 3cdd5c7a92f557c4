package io.tcplab.loadgen.rounds.docker;

import io.tcplab.loadgen.plan.CannotRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** The one image of target and generator, built from this very program where it is missing or was built from another. */
final class Image {

    /** What {@code deploy/build-image} builds. */
    static final String NAME = "tcplab:local";

    /** Says of which program: the digest of its jars. */
    static final String PROGRAM_LABEL = "io.tcplab.program";

    private Image() {}

    /** Returns the image's name once it is there. */
    static String ready(Engine engine) throws CannotRun {
        String home = System.getProperty("tcplab.home", "");
        String label = engine.imageLabel(NAME, PROGRAM_LABEL);
        Path script = Path.of(home, "deploy", "build-image");
        if (home.isEmpty() || !Files.isExecutable(script)) {
            if (label == null) {
                throw new CannotRun("The image " + NAME
                        + " is missing, and so is deploy/build-image: start tcplab from its repository; "
                        + Engine.INSTEAD + ".");
            }
            return NAME;
        }
        if (label == null || !label.equals(digest(Path.of(home, "loadgen", "target")))) {
            build(script);
        }
        return NAME;
    }

    private static void build(Path script) throws CannotRun {
        try {
            ProcessBuilder builder = new ProcessBuilder(script.toString(), NAME).redirectErrorStream(true);
            builder.environment().put("TCPLAB_NO_BUILD", "1"); // the program that runs is the one to pack
            Process process = builder.start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                String last = said.substring(said.lastIndexOf('\n') + 1);
                throw new CannotRun(
                        "The image cannot be built (" + script + "): " + last + "; " + Engine.INSTEAD + ".");
            }
        } catch (IOException e) {
            throw new CannotRun("The image cannot be built: " + e.getMessage() + "; " + Engine.INSTEAD + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotRun("Interrupted while the image was built.", e);
        }
    }

    /** SHA-256 of our own jars, one after the other in the order of their names, as the script computes it. */
    static String digest(Path target) throws CannotRun {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path jar : jars(target)) {
                digest.update(Files.readAllBytes(jar));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new CannotRun("The program's jars cannot be read: " + e.getMessage() + ".", e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private static List<Path> jars(Path target) throws IOException {
        List<Path> jars = new ArrayList<>();
        try (Stream<Path> libraries = Files.list(target.resolve("lib"))) {
            libraries
                    .filter(file -> file.getFileName().toString().startsWith("tcplab-"))
                    .sorted()
                    .forEach(jars::add);
        }
        jars.add(target.resolve("tcplab-loadgen.jar"));
        return jars;
    }
}
