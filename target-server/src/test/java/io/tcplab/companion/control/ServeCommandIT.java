package io.tcplab.companion.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.companion.SettingsWith;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(90)
class ServeCommandIT {

    private static final Pattern GREETING = Pattern.compile(
            "tcplab target listening on (127\\.0\\.0\\.1):(\\d+) \\(backlog 77, control 127\\.0\\.0\\.1:(\\d+)\\)");

    private static Process serve(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                CompanionMain.class.getName()));
        command.addAll(List.of(options));
        return new ProcessBuilder(command).start();
    }

    private static String errors(Process process) throws Exception {
        try (BufferedReader lines = process.errorReader()) {
            return lines.readAllAsString();
        }
    }

    @Test
    void oneLineWhenReadyAndStatusZeroOnSigterm() throws Exception {
        Process serving = serve("--port", "0", "--backlog", "77", "--control", "127.0.0.1:0");
        try (BufferedReader out = serving.inputReader()) {
            Matcher greeting = GREETING.matcher(out.readLine());
            assertThat(greeting.matches()).isTrue();
            int port = Integer.parseInt(greeting.group(2));
            try (Socket idle = new Socket(greeting.group(1), port);
                    ControlClient control = new ControlClient("127.0.0.1", Integer.parseInt(greeting.group(3)), null)) {
                while (control.counts().accepted() == 0) {
                    Thread.onSpinWait();
                }
                // Not Process.destroy, which closes the pipes too.
                assertThat(serving.toHandle().destroy()).isTrue();
                assertThat(idle.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(serving.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(serving.exitValue()).isZero();
            assertThat(out.readLine()).isNull();
            assertThat(errors(serving)).isEmpty();
        } finally {
            serving.destroyForcibly();
        }
    }

    @Test
    void allSettingsMayComeAtOnce() throws Exception {
        Process serving =
                serve("--settings", SettingsJson.write(SettingsWith.of("backlog", 77)), "--control", "127.0.0.1:0");
        try (BufferedReader out = serving.inputReader()) {
            assertThat(out.readLine()).matches(GREETING);
        } finally {
            serving.destroyForcibly();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--port 70000, port is 70000",
        "--protocol smtp, smtp",
        "--close-on-accept fin, protocol none",
        "--protocol none --close-on-accept close, allowed are",
        "--accept-delay 5, 500us",
        "--port 0 --control nowhere, HOST:PORT",
        "--port 0 --control ::1:9100, without brackets",
        "--port 0 --control 127.0.0.1:99999, 65535",
        "--event-loops 0, event loops",
        "--token-file /dev/null --token x, exclude one another",
        "--settings {\"backlog\":-1}, backlog",
        "--settings {, JSON"
    })
    void aWrongOptionIsStatusTwoAndNamed(String options, String named) throws Exception {
        Process refused = serve(options.split(" "));
        String errors = errors(refused);
        assertThat(refused.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(refused.exitValue()).as(errors).isEqualTo(2);
        assertThat(errors).contains(named).doesNotContain("\tat ");
    }

    /** A peer that sends and never reads makes the companion keep what it cannot send back. */
    @Test
    void withoutMemoryTheProcessEndsAndFreesItsPort() throws Exception {
        List<SocketChannel> never = new ArrayList<>();
        try (ServeProcess serving = ServeProcess.start(
                List.of("-Xmx24m", "-XX:MaxDirectMemorySize=700k", "-XX:+UseSerialGC"), "--protocol", "echo")) {
            for (int i = 0; i < 20; i++) {
                SocketChannel peer = SocketChannel.open();
                peer.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
                peer.connect(new InetSocketAddress("127.0.0.1", serving.port));
                peer.configureBlocking(false);
                never.add(peer);
            }
            ByteBuffer bytes = ByteBuffer.allocateDirect(1 << 20);
            long deadline = System.nanoTime() + 30_000_000_000L;
            for (int i = 0; serving.process.isAlive() && System.nanoTime() < deadline; i++) {
                try {
                    never.get(i % never.size()).write(bytes.clear());
                } catch (IOException ended) {
                    assertThat(serving.process.waitFor(10, TimeUnit.SECONDS)).isTrue();
                }
            }
            assertThat(serving.process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(serving.process.exitValue()).isEqualTo(1);
            assertThat(errors(serving.process)).contains("tcplab: the companion is out of memory");
            new ServerSocket(serving.port, 1, InetAddress.getLoopbackAddress()).close();
        } finally {
            for (SocketChannel peer : never) {
                peer.close();
            }
        }
    }

    @Test
    void aControlAddressForOthersNeedsATokenFileWithATokenInIt(@TempDir Path directory) throws Exception {
        Path empty = Files.createFile(directory.resolve("token"));
        for (String[] options : new String[][] {
            {"--port", "0", "--control", "0.0.0.0:0"},
            {"--port", "0", "--control", "0.0.0.0:0", "--token", ""},
            {
                "--port",
                "0",
                "--control",
                "0.0.0.0:0",
                "--token-file",
                directory.resolve("missing").toString()
            },
            {"--port", "0", "--control", "0.0.0.0:0", "--token-file", empty.toString()}
        }) {
            Process refused = serve(options);
            String errors = errors(refused);
            assertThat(refused.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(refused.exitValue()).isEqualTo(1);
            assertThat(errors).contains("token").hasLineCount(1);
        }
    }
}
