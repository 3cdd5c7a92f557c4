package io.tcplab.loadgen.inspect;

import io.tcplab.companion.control.CompanionMain;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code serve --misbehave} in a process of its own, so that its descriptors are its own. */
record MisbehavingProcess(Process process, InetSocketAddress address) implements AutoCloseable {

    private static final Pattern GREETING = Pattern.compile("tcplab target listening on 127\\.0\\.0\\.1:(\\d+) .*");

    /** The command that starts it; {@code more} are further options. */
    static List<String> command(String kinds, int port, String... more) {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                CompanionMain.class.getName(),
                "--port",
                Integer.toString(port),
                "--misbehave",
                kinds));
        command.addAll(List.of(more));
        return command;
    }

    static MisbehavingProcess start(String kinds, String... more) throws IOException {
        Process process = new ProcessBuilder(command(kinds, 0, more))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String line = String.valueOf(process.inputReader().readLine());
        Matcher greeting = GREETING.matcher(line);
        if (!greeting.matches()) {
            process.destroyForcibly();
            throw new IOException("said " + line);
        }
        return new MisbehavingProcess(
                process,
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(greeting.group(1))));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
