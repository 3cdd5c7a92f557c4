package io.tcplab.loadgen.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shell script that starts tcplab, with a JDK that only says what it was given. */
@Timeout(30)
class LauncherTest {

    /** The JVM names files by the locale it starts with (sun.jnu.encoding): by ASCII it would not start from a directory "é". */
    @ParameterizedTest
    @CsvSource({"C, C.UTF-8", "POSIX, C.UTF-8", "de_DE.ISO-8859-1, C.UTF-8", "C.utf8, C.utf8", "xx_XX.UTF-8, C.UTF-8"})
    void theJvmCanNameAnyFileInAnyLocale(String locale, String given, @TempDir Path jdk) throws IOException {
        fakeJdk(jdk);
        ProcessBuilder builder = new ProcessBuilder(
                Path.of("..", "tcplab").toAbsolutePath().normalize().toString(), "validate", "é.yaml");
        builder.environment().put("TCPLAB_JAVA_HOME", jdk.toString());
        builder.environment().put("TCPLAB_NO_BUILD", "1");
        builder.environment().put("LC_ALL", locale);
        Process launcher = builder.start();

        assertThat(new String(launcher.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(given + "\n");
    }

    /** A relative path such as clone/tcplab is no name that cd should look for elsewhere. */
    @Test
    void itFindsItsPlaceWhereverCdWouldLook(@TempDir Path work) throws IOException {
        Path jdk = Files.createDirectory(work.resolve("jdk"));
        fakeJdk(jdk);
        Path clone = Files.createDirectory(work.resolve("clone"));
        Files.copy(Path.of("..", "tcplab"), clone.resolve("tcplab"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(jdk.resolve("bin/java"), "#!/bin/sh\nfor each; do echo \"$each\"; done\n");
        Path elsewhere = Files.createDirectories(work.resolve("elsewhere/clone"));
        ProcessBuilder builder =
                new ProcessBuilder("sh", "-c", "clone/tcplab validate a.yaml").directory(work.toFile());
        builder.environment().put("TCPLAB_JAVA_HOME", jdk.toString());
        builder.environment().put("CDPATH", elsewhere.getParent().toString());
        Process launcher = builder.start();

        assertThat(new String(launcher.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("-Dtcplab.home=" + clone.toRealPath() + "\n");
    }

    /** Another call holds the lock of the build: this one says so at once, and goes on with what the other has built. */
    @Test
    void aCallThatWaitsForAnothersBuildSaysSo(@TempDir Path jdk, @TempDir Path home) throws IOException {
        assumeThat(Path.of("/usr/bin/flock")).exists();
        fakeJdk(jdk);
        Path launcher = Files.copy(Path.of("..", "tcplab"), home.resolve("tcplab"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createDirectories(home.resolve("loadgen/src"));
        Path target = Files.createDirectories(home.resolve("loadgen/target"));
        Process other =
                new ProcessBuilder("flock", target.resolve("build.lock").toString(), "sh", "-c", "echo; cat").start();
        assertThat(other.inputReader().readLine()).isEmpty();
        ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "validate", "a.yaml");
        builder.environment().put("TCPLAB_JAVA_HOME", jdk.toString());
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process waiting = builder.start();

        assertThat(waiting.errorReader().readLine()).isEqualTo("tcplab: another call is building; waiting for it …");
        Files.createFile(target.resolve("tcplab-loadgen.jar"));
        Files.createFile(target.resolve("built"));
        other.outputWriter().close();
        assertThat(waiting.inputReader().readLine()).isEqualTo("C.UTF-8");
        assertThat(waiting.errorReader().readLine()).as("it builds nothing").isNull();
    }

    private static void fakeJdk(Path jdk) throws IOException {
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25\"\n");
        Files.createDirectory(jdk.resolve("bin"));
        Path java = Files.writeString(jdk.resolve("bin").resolve("java"), "#!/bin/sh\necho \"$LC_ALL\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
