package io.tcplab.kernel.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tcplab.kernel.Eventually;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class OrdinaryUserIT {
    private static final String NOBODY = "65534";

    @TempDir
    Path directory;

    @Test
    void pairWorksWithoutPrivilegesUnderTheSamePid() throws Exception {
        Process process = run("once", "two words");
        List<String> lines = process.inputReader().lines().toList();
        assertThat(process.waitFor()).as(lines.toString()).isZero();
        assertThat(lines).contains("pid " + process.pid(), "arguments once|two words yes", "end -1", "done");
        assertThat(lines).contains("sysctl {net.ipv4.tcp_tw_reuse=1}", "TIME_WAIT 1", "limit 5");
        assertThat(lines).noneMatch(line -> line.startsWith("obstacle"));
        if (isRoot()) {
            assertThat(lines).contains("needed " + process.pid());
        }
    }

    @Test
    void killedProcessLeavesNoNamespaceAndNoChild() throws Exception {
        Process process = run("hold");
        try {
            String inside = lineThatStarts(process.inputReader(), "inside ");
            String[] names = inside.split(" ");
            assertThat(namespacesInUse()).contains(names[1], names[2]);
            List<ProcessHandle> children = process.descendants().toList();
            process.destroyForcibly();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(Eventually.read(
                            OrdinaryUserIT::namespacesInUse,
                            used -> !used.contains(names[1]) && !used.contains(names[2])))
                    .doesNotContain(names[1], names[2]);
            assertThat(children).noneMatch(ProcessHandle::isAlive);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String lineThatStarts(BufferedReader reader, String start) throws IOException {
        String line = reader.readLine();
        while (line != null && !line.startsWith(start)) {
            line = reader.readLine();
        }
        return String.valueOf(line);
    }

    /** The namespace of every thread that can be seen; processes come and go meanwhile. */
    private static List<String> namespacesInUse() {
        List<String> names = new ArrayList<>();
        for (File process : entries(new File("/proc"))) {
            for (File thread : entries(new File(process, "task"))) {
                try {
                    names.add(Files.readSymbolicLink(thread.toPath().resolve("ns/net"))
                            .toString());
                } catch (IOException _) {
                    // It has ended.
                }
            }
        }
        return names;
    }

    private static List<File> entries(File directory) {
        File[] entries = directory.listFiles();
        return entries == null ? List.of() : List.of(entries);
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private Process run(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            assumeThat(Programs.find("setpriv")).isPresent();
            command.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Dtcplab.word=yes"));
        command.addAll(List.of("-cp", readableClasses(), OrdinaryUser.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
    }

    /** The classes, or the jar they are in, where anybody may read them; the build's own directory need not allow it. */
    private String readableClasses() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> classPath = new ArrayList<>();
        for (Class<?> each : List.of(UserNamespace.class, OrdinaryUser.class)) {
            Path from = Path.of(
                    each.getProtectionDomain().getCodeSource().getLocation().getPath());
            Path copy = directory.resolve(each.getSimpleName());
            copyTree(from, copy);
            classPath.add(copy.toString());
        }
        return String.join(":", classPath);
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
