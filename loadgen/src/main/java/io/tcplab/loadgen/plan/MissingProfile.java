package io.tcplab.loadgen.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Finds the profile that was probably meant by a file that does not exist. */
final class MissingProfile {

    /** Where those are that come with tcplab. */
    private static final Path SHIPPED = Path.of("profiles");

    private static final String YAML = "\\.ya?ml$";

    private MissingProfile() {}

    /** Returns {@code "; did you mean profiles/x.yaml?"}, or nothing where no file is near. */
    static String didYouMean(Path file) {
        String meant = meant(file);
        return meant.isEmpty() ? "" : "; did you mean " + meant + "?";
    }

    private static String meant(Path file) {
        for (Path complete : List.of(Path.of(file + ".yaml"), SHIPPED.resolve(file), SHIPPED.resolve(file + ".yaml"))) {
            if (Files.isRegularFile(complete)) {
                return complete.toString();
            }
        }
        Path place = file.getParent() == null ? Path.of("") : file.getParent();
        String near = near(file, place);
        return near.isEmpty() ? near(file, SHIPPED) : near;
    }

    private static String near(Path file, Path directory) {
        Map<String, String> byStem = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(each -> each.toString().matches(".*" + YAML))
                    .forEach(each -> byStem.put(stem(each), each.toString()));
        } catch (IOException | UncheckedIOException _) {
            return "";
        }
        return byStem.getOrDefault(Typo.nearest(stem(file), byStem.keySet()), "");
    }

    private static String stem(Path file) {
        Path name = file.getFileName();
        return name == null ? "" : name.toString().replaceFirst(YAML, "");
    }
}
