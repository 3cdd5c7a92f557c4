package io.tcplab.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ShortLinesTest {

    private static List<String> linesOf(String text) throws IOException {
        ShortLines lines = new ShortLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        List<String> all = new ArrayList<>();
        for (String line = lines.next(); line != null; line = lines.next()) {
            all.add(line);
        }
        return all;
    }

    @Test
    void linesEndAsTheReadersOfTheJdkEndThem() throws IOException {
        assertThat(linesOf("")).isEmpty();
        assertThat(linesOf("one\ntwo\r\n\r\rthree\n\nfour")).containsExactly("one", "two", "", "", "three", "", "four");
        assertThat(linesOf("größer\n")).containsExactly("größer");
        for (String text : List.of("", "\n", "\r\n\r\n", "a\r", "a\r\nb", "\n\ra", "a\n\r\n")) {
            assertThat(linesOf(text)).isEqualTo(text.lines().toList());
        }
    }

    @Test
    void ofALongLineTheBeginningIsKept() throws IOException {
        String all = "x".repeat(50_000);
        assertThat(linesOf(all + "\nshort")).containsExactly("x".repeat(ShortLines.LONGEST), "short");
    }
}
