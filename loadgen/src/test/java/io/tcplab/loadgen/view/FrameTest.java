package io.tcplab.loadgen.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code -Dtcplab.refresh=true} the kept frames are made anew. */
@Timeout(value = 10, unit = TimeUnit.SECONDS)
class FrameTest {

    private static final Path KEPT = Path.of("src/test/resources/io/tcplab/loadgen/view");

    private static void holdsTo(String file, List<String> lines) throws IOException {
        String text =
                String.join("\n", lines.stream().map(String::stripTrailing).toList()) + "\n";
        if (Boolean.getBoolean("tcplab.refresh")) {
            Files.writeString(KEPT.resolve(file), text);
        }
        assertThat(Files.readString(KEPT.resolve(file)))
                .as("-Dtcplab.refresh=true writes it")
                .isEqualTo(text);
    }

    private static Canvas canvas(int width, int height, Palette palette) {
        return new Canvas(width, height, palette, Glyphs.BLOCKS);
    }

    @Test
    void aRunAtTheUsualSize() throws IOException {
        Scene scene = Scenes.overflowing("short");
        holdsTo("run-80x24.txt", Frame.of(scene, Look.FIRST, canvas(80, 24, Palette.NONE)));
    }

    @Test
    void theDocumentShowsThatFrame() throws IOException {
        List<String> lines = Frame.of(Scenes.overflowing("short"), Look.FIRST, canvas(80, 24, Palette.NONE));
        List<String> indented =
                lines.stream().map(line -> ("    " + line).stripTrailing()).toList();
        assertThat(Files.readString(Path.of("../docs/live-view.md"))).contains(String.join("\n", indented));
    }

    @Test
    void aRunOnALargeTerminalHasAChart() throws IOException {
        Scene scene = Scenes.overflowing("short");
        holdsTo("run-120x40.txt", Frame.of(scene, Look.FIRST, canvas(120, 40, Palette.NONE)));
    }

    @Test
    void aRunIn256Colours() throws IOException {
        Scene scene = Scenes.overflowing("short");
        List<String> lines = Frame.of(scene, Look.FIRST, canvas(80, 24, Palette.MANY));
        holdsTo(
                "run-256-colours.txt",
                lines.stream().map(line -> line.replace('\u001b', '␛')).toList());
    }

    @Test
    void aRunInAscii() throws IOException {
        Scene scene = Scenes.overflowing("short");
        Canvas ascii = new Canvas(80, 24, Palette.NONE, Glyphs.of(StandardCharsets.US_ASCII));
        holdsTo("run-ascii.txt", Frame.of(scene, Look.FIRST, ascii));
    }

    @Test
    void warningsHaveTheirAdvice() throws IOException {
        Look look = Look.FIRST.turn(Look.Page.WARNINGS);
        holdsTo("warnings.txt", Frame.of(Scenes.overflowing("short"), look, canvas(80, 24, Palette.NONE)));
    }

    @Test
    void helpListsTheKeys() throws IOException {
        Look look = Look.FIRST.turn(Look.Page.HELP);
        holdsTo("help.txt", Frame.of(Scenes.overflowing("short"), look, canvas(80, 24, Palette.NONE)));
        assertThat(look.turn(Look.Page.HELP).page()).isEqualTo(Look.Page.FIGURES);
    }

    @ParameterizedTest
    @EnumSource(Palette.class)
    void everyFrameFillsItsTerminalAndNoMore(Palette palette) {
        for (int width = 1; width <= 200; width += 7) {
            for (int height = 1; height <= 70; height++) {
                for (Look.Page page : Look.Page.values()) {
                    Look look = new Look(page, height, false);
                    List<String> lines = Frame.of(Scenes.overflowing("ein-名前"), look, canvas(width, height, palette));
                    assertThat(lines).hasSize(height);
                    for (String line : lines) {
                        String bare = line.replaceAll("\u001b\\[[0-9;]*m", "");
                        assertThat(Row.columns(bare))
                                .as("%d×%d: %s", width, height, bare)
                                .isEqualTo(width);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 47, 54, 63, 73})
    void aNarrowTerminalNamesEveryOutcome(int width) {
        List<String> lines = Frame.of(Scenes.overflowing("short"), Look.FIRST, canvas(width, 24, Palette.NONE));
        assertThat(String.join("\n", lines))
                .containsPattern("\n started +30,218 ")
                .containsPattern("\n completed +29,900 ")
                .containsPattern("\n timedOut +207 ")
                .containsPattern("\n reset +23 ")
                .contains("accept queue", "17 of 16", "28,118");
    }

    @Test
    void noFigureIsCut() {
        for (int width = 40; width <= 120; width++) {
            List<String> lines = Frame.of(Scenes.overflowing("short"), Look.FIRST, canvas(width, 30, Palette.NONE));
            assertThat(lines.subList(3, lines.size()).stream()
                            .filter(line -> !line.contains(" ! "))
                            .toList())
                    .noneMatch(line -> line.matches(".*[0-9.,]….*"));
        }
    }

    @Test
    void withoutColoursNoEscapeIsWritten() {
        for (Look.Page page : Look.Page.values()) {
            List<String> lines =
                    Frame.of(Scenes.overflowing("short"), new Look(page, 0, false), canvas(120, 40, Palette.NONE));
            assertThat(String.join("", lines)).doesNotContain("\u001b");
        }
    }

    @Test
    void aHostileNameMovesNoCursor() {
        Scene scene = Scenes.overflowing("a\u001b[2J\u0007\nb\u202e");
        String all = String.join("", Frame.of(scene, Look.FIRST, canvas(80, 24, Palette.NONE)));
        assertThat(all).contains("a\\u001b[2J\\u0007\\nb\\u202e").doesNotContain("\u001b", "\u0007", "\n", "\u202e");
    }

    @Test
    void aPausedViewSaysThatTheRunGoesOn() {
        List<String> lines =
                Frame.of(Scenes.overflowing("short"), Look.FIRST.pause(true), canvas(80, 24, Palette.NONE));
        assertThat(lines.get(2)).contains("view paused, the command continues");
        assertThat(lines.getLast()).contains("p resume");
    }

    @ParameterizedTest
    @CsvSource({"1,''", "'',xterm-256color", "'',xterm"})
    void noColorRefusesAllAndTermNamesHowMany(String noColor, String term) {
        Palette palette = Palette.of(Map.of("NO_COLOR", noColor, "TERM", term));
        assertThat(palette)
                .isEqualTo(!noColor.isEmpty() ? Palette.NONE : term.contains("256") ? Palette.MANY : Palette.EIGHT);
    }
}
