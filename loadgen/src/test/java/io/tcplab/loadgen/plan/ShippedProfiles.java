package io.tcplab.loadgen.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The profiles that the product ships, as the tests find them. */
final class ShippedProfiles {

    static final Path DIRECTORY = Path.of("..", "profiles");

    private ShippedProfiles() {}

    static List<Path> files() {
        try (Stream<Path> files = Files.walk(DIRECTORY, 2)) {
            return files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
