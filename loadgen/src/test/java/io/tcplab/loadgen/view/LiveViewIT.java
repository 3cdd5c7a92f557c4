package io.tcplab.loadgen.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The live view in a terminal: tmux is the terminal, and reports what stands on it. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LiveViewIT {

    /** A second of the recorded part is over. */
    private static final String RECORDING = "(?s).* [1-9]\\d? s, \\d+ s left.*";

    private static final String ENDED = "(?s).*ended \\d+.*";
    /** A busy machine may leave a result that cannot be trusted (4): it is a whole one all the same. */
    private static final String WHOLE = "(?s).*ended [04]\\b.*";

    private static final String FINISHED = "written to";

    @TempDir
    private Path place;

    @BeforeEach
    void hasTmux() {
        assumeTrue(Tmux.isInstalled(), "tmux is not installed");
    }

    private String run(String options) throws Exception {
        Path profile = Files.writeString(place.resolve("seen.yaml"), """
                name: seen
                duration: 60s
                load: {open: {rate: 50/s}}
                mix: [{name: short, exchanges: 1, close: {by: client, how: fin}}]
                """);
        return Tmux.tcplab(pid(), "run " + profile + " --out " + place.resolve("result") + " " + options)
                + "; echo ended $?";
    }

    private Path pid() {
        return place.resolve("pid");
    }

    private String summary() throws Exception {
        return Files.readString(place.resolve("result").resolve("summary.json"));
    }

    @Test
    void aRunIsDrawnAndItsReportStaysOnTheScreen() throws Exception {
        try (Tmux terminal = new Tmux(place, 80, 24)) {
            terminal.type(run("--duration 3s"));
            String drawn = terminal.await(screen -> screen.contains("completed") && screen.contains("q end"));
            assertThat(drawn).contains("tcplab run  seen", "connections/s", "accept queue", "TIME_WAIT");
            assertThat(terminal.alternateScreen()).isTrue();
            String left = terminal.await(screen -> screen.matches(WHOLE));
            assertThat(left).contains(FINISHED).doesNotContain("q end");
            assertThat(terminal.alternateScreen()).isFalse();
            assertThat(terminal.cursorIsVisible()).isTrue();
        }
    }

    @Test
    void theKeyQEndsARunWithAWholeResult() throws Exception {
        try (Tmux terminal = new Tmux(place, 80, 24)) {
            terminal.type(run(""));
            terminal.await(screen -> screen.matches(RECORDING));
            terminal.press("q");
            assertThat(terminal.await(screen -> screen.matches(ENDED)))
                    .matches(WHOLE)
                    .contains(FINISHED);
            assertThat(summary()).contains("\"interrupted\" : false");
        }
    }

    @Test
    void controlCInterruptsAndLeavesTheTerminalAsItWas() throws Exception {
        try (Tmux terminal = new Tmux(place, 200, 24)) {
            terminal.type("stty -g");
            String before = settings(terminal.await(screen -> screen.contains(":")));
            terminal.type("clear; " + run(""));
            terminal.await(screen -> screen.matches(RECORDING));
            terminal.press("C-c");
            assertThat(terminal.await(screen -> screen.matches(ENDED))).contains("ended 130", FINISHED);
            terminal.type("clear; stty -g");
            assertThat(settings(terminal.await(screen -> screen.contains(":")))).isEqualTo(before);
            assertThat(summary()).contains("\"interrupted\" : true");
        }
    }

    private static String settings(String screen) {
        return screen.lines()
                .filter(line -> line.matches("[0-9a-f]+:[0-9a-f:]+"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void sigtermLeavesTheTerminalAsItWas() throws Exception {
        try (Tmux terminal = new Tmux(place, 80, 24)) {
            terminal.type(run(""));
            terminal.await(screen -> screen.matches(RECORDING));
            boolean _ = ProcessHandle.of(Long.parseLong(Files.readString(pid()).strip()))
                    .orElseThrow()
                    .destroy();
            assertThat(terminal.await(screen -> screen.matches(ENDED))).contains("ended 130");
            assertThat(terminal.alternateScreen()).isFalse();
            assertThat(terminal.cursorIsVisible()).isTrue();
        }
    }

    @Test
    void killLeavesTheTerminalAsItWas() throws Exception {
        try (Tmux terminal = new Tmux(place, 200, 24)) {
            terminal.type("stty -g");
            String before = settings(terminal.await(screen -> screen.contains(":")));
            terminal.type("clear; " + run(""));
            terminal.await(screen -> screen.matches(RECORDING));
            boolean _ = ProcessHandle.of(Long.parseLong(Files.readString(pid()).strip()))
                    .orElseThrow()
                    .destroyForcibly();
            terminal.awaitNormalScreen();
            assertThat(terminal.cursorIsVisible()).isTrue();
            terminal.type("clear; stty -g");
            assertThat(settings(terminal.await(screen -> screen.contains(":")))).isEqualTo(before);
        }
    }

    @Test
    void shardsAreDrawnAsOneRunAndQEndsThemWithAWholeResult() throws Exception {
        try (Tmux terminal = new Tmux(place, 80, 24)) {
            terminal.type(run("--shards 2"));
            String drawn =
                    terminal.await(screen -> screen.matches(RECORDING) && screen.matches("(?s).*connect +\\d.*"));
            assertThat(drawn).contains("tcplab run  seen").containsPattern("started +\\d");
            terminal.press("q");
            assertThat(terminal.await(screen -> screen.matches(ENDED)))
                    .matches(WHOLE)
                    .contains(FINISHED);
            assertThat(summary()).contains("\"interrupted\" : false");
        }
    }

    @Test
    void aResizedTerminalIsFilled() throws Exception {
        try (Tmux terminal = new Tmux(place, 80, 24)) {
            terminal.type(run(""));
            terminal.await(screen -> screen.matches(RECORDING));
            terminal.resize(120, 40);
            String large = terminal.await(screen -> screen.contains("= an event"));
            assertThat(large.lines().filter(line -> line.contains("q end")).count())
                    .isOne();
            assertThat(large.stripTrailing().lines().count()).isEqualTo(40);
            terminal.press("?");
            terminal.await(screen -> screen.contains("Ctrl-C"));
            terminal.press("q");
            terminal.await(screen -> screen.matches(WHOLE));
        }
    }

    @Test
    void noColorIsObeyedAndADumbTerminalGetsLines() throws Exception {
        try (Tmux terminal = new Tmux(place, 100, 24)) {
            terminal.type("export NO_COLOR=1; " + run("--duration 2s"));
            terminal.await(screen -> screen.contains("completed") && screen.contains("q end"));
            assertThat(terminal.colouredScreen()).doesNotContain("\u001b[");
            terminal.await(screen -> screen.matches(WHOLE));
            terminal.type(
                    "clear; export TERM=dumb; " + run("--duration 2s --out " + place.resolve("second") + " | cat"));
            terminal.await(screen -> screen.matches(WHOLE));
            assertThat(terminal.screen()).doesNotContain("q end");
        }
    }
}
