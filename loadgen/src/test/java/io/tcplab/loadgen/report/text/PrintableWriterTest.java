package io.tcplab.loadgen.report.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PrintableWriterTest {

    private static String written(String text, boolean colours) throws IOException {
        StringWriter all = new StringWriter();
        try (PrintableWriter printable = new PrintableWriter(all, colours)) {
            printable.write(text, 0, text.length());
        }
        return all.toString();
    }

    @Test
    void whatATerminalObeysIsWrittenInLetters() throws IOException {
        assertThat(written("a\u001b]0;title\u0007\u202egnp\u009b1m\u007f\r", false))
                .isEqualTo("a\\u001b]0;title\\u0007\\u202egnp\\u009b1m\\u007f\\u000d");
    }

    @Test
    void ordinaryTextStaysAsItIs() throws IOException {
        String text = "née 长连接 ✓ 😀\n\tµs\n";
        assertThat(written(text, false)).isEqualTo(text);
    }

    @Test
    void coloursStayWhereTheyAreOursAndNoOtherSequenceDoes() throws IOException {
        assertThat(written("\u001b[1;31mred\u001b[0m\u001b[2J", true)).isEqualTo("\u001b[1;31mred\u001b[0m\\u001b[2J");
        assertThat(written("\u001b[1;31mred", false)).isEqualTo("\\u001b[1;31mred");
    }
}
