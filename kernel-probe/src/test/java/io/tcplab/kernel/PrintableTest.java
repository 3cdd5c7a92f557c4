package io.tcplab.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PrintableTest {

    @Test
    void aLineStaysOneLine() {
        assertThat(Printable.line("a\nb\u001b[K")).isEqualTo("a\\nb\\u001b[K");
    }

    @Test
    void whatTurnsTheDirectionOfWritingIsWrittenInLetters() {
        assertThat(Printable.line("\u202egnp\ud800")).isEqualTo("\\u202egnp\\ud800");
    }

    @Test
    void ordinaryTextStaysAsItIs() {
        assertThat(Printable.shortLine("née 长连接 ✓ 😀 µs")).isEqualTo("née 长连接 ✓ 😀 µs");
    }

    @Test
    void anotherHostsTextIsCutAlsoWhereLettersMakeItLonger() {
        assertThat(Printable.shortLine("x".repeat(1_000_000))).hasSize(201).endsWith("…");
        assertThat(Printable.shortLine("\u001b".repeat(1_000_000))).hasSize(201).endsWith("…");
    }
}
