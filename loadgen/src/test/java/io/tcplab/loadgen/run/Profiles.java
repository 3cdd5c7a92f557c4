package io.tcplab.loadgen.run;

import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Profiles of tests, written as users write them. */
final class Profiles {

    private Profiles() {}

    static Profile of(String yaml, String... sets) {
        try {
            Path file = Files.createTempFile("profile", ".yaml");
            try {
                Files.writeString(file, yaml);
                return ProfileReader.read(file, List.of(sets));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
