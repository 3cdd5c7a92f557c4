package io.tcplab.loadgen.run;

import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.view.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A run of a test, in a pair of namespaces or on the host, with its files in a temporary directory. */
final class IsolatedRun {

    private IsolatedRun() {}

    static Summary inNamespaces(Profile profile) throws Exception {
        return run(profile, Isolation.NETNS);
    }

    static Summary onHost(Profile profile) throws Exception {
        return run(profile, Isolation.NONE);
    }

    private static Summary run(Profile profile, Isolation isolation) throws Exception {
        Path root = Files.createTempDirectory("tcplab-results");
        try {
            RunRequest request = new RunRequest(profile, RemoteOptions.NONE, isolation, null, root);
            return new RunSession(request, View.NONE).run().summary();
        } finally {
            delete(root);
        }
    }

    private static void delete(Path root) throws IOException {
        try (var files = Files.walk(root)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
