package io.tcplab.target;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A companion as the child of the process that runs the load: its settings are its only argument, commands come on stdin and answers
 * go to stdout, so that no control traffic shows in the kernel's counters. It ends when stdin ends: also when its parent was killed.
 */
public final class CompanionMain {

    private static final Duration FINISH = Duration.ofSeconds(2);

    private CompanionMain() {}

    /** Serves until it is told to stop, or stdin ends. */
    public static void main(String[] arguments) throws IOException {
        ControlLine settings = ControlLine.parse(arguments[0]);
        if (settings == null) {
            throw new IllegalArgumentException("no settings: " + arguments[0]);
        }
        try (Companion companion = Companion.start(SettingsLine.read(settings))) {
            say(ready(companion));
            obey(companion);
        } catch (CompanionException e) {
            say(new ControlLine("failed", Map.of("reason", String.valueOf(e.getMessage()))));
        }
        // Lingering closes may hold threads for up to their linger time; the parent waits for the process, not for
        // them.
        Runtime.getRuntime().halt(0);
    }

    private static void obey(Companion companion) throws IOException {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line;
        while ((line = commands.readLine()) != null) {
            switch (line) {
                case "counts" -> say(counts(companion.counts()));
                case "pause" -> {
                    companion.pauseAccepting();
                    say(ControlLine.of("paused"));
                }
                case "resume" -> {
                    companion.resumeAccepting();
                    say(ControlLine.of("resumed"));
                }
                case "finish" -> {
                    boolean settled = companion.finish(FINISH);
                    ControlLine last = counts(companion.counts());
                    last.facts().put("settled", Boolean.toString(settled));
                    say(last);
                }
                case "stop" -> {
                    return;
                }
                default -> say(new ControlLine("failed", Map.of("reason", "unknown command " + line)));
            }
        }
    }

    private static ControlLine ready(Companion companion) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("host", companion.address().getAddress().getHostAddress());
        facts.put("port", Integer.toString(companion.address().getPort()));
        facts.put("pid", Long.toString(ProcessHandle.current().pid()));
        return new ControlLine("ready", facts);
    }

    private static ControlLine counts(CompanionCounts counts) {
        Map<String, String> facts = new LinkedHashMap<>();
        counts.byName().forEach((name, count) -> facts.put(name, Long.toString(count)));
        facts.put("cpuSeconds", Double.toString(counts.cpuSeconds()));
        return new ControlLine("counts", facts);
    }

    private static synchronized void say(ControlLine line) {
        System.out.println(line);
        System.out.flush();
    }
}
