package io.tcplab.loadgen.run;

import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Profiles of tests, written as users write them, over the transport of the test. */
final class Profiles {

    private static volatile String transport = "auto";

    private Profiles() {}

    /** What serves the connections of profiles from now on. */
    static void transport(String asked) {
        transport = asked;
    }

    /** The setting that a profile of another source needs to have the test's transport. */
    static String transportSetting() {
        return "client.transport=" + transport;
    }

    static Profile of(String yaml, String... sets) {
        List<String> all = new ArrayList<>(List.of(sets));
        all.addFirst(transportSetting());
        try {
            Path file = Files.createTempFile("profile", ".yaml");
            try {
                Files.writeString(file, yaml);
                return ProfileReader.read(file, all);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
