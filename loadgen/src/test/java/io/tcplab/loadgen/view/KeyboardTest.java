package io.tcplab.loadgen.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 10, unit = TimeUnit.SECONDS)
class KeyboardTest {

    /** The keys in what a terminal sends. */
    private static List<Character> keys(String sent) throws IOException {
        List<Integer> characters = new ArrayList<>(sent.chars().boxed().toList());
        Keyboard keyboard = new Keyboard(_ -> characters.isEmpty() ? Keyboard.NONE : characters.removeFirst());
        List<Character> keys = new ArrayList<>();
        while (!characters.isEmpty()) {
            int key = keyboard.key(1);
            if (key >= 0) {
                keys.add((char) key);
            }
        }
        return keys;
    }

    @Test
    void eachCharacterIsAKey() throws IOException {
        assertThat(keys("qp?")).containsExactly('q', 'p', '?');
    }

    /** A mode that the terminal does not know, its name, a colour, its cursor's place, an arrow in two forms, a mouse. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u001b[?2027;0$y",
                "\u001bP>|tmux 3.3a\u001b\\",
                "\u001b]11;rgb:1e1e/1e1e/2e2e\u0007",
                "\u001b[24;80R",
                "\u001b[A",
                "\u001bOB",
                "\u001b[<0;12;7M"
            })
    void whatATerminalSendsByItselfIsNoKey(String sent) throws IOException {
        assertThat(keys("p" + sent + "q")).containsExactly('p', 'q');
    }

    @Test
    void escapeAloneIsNoKey() throws IOException {
        assertThat(keys("\u001b")).isEmpty();
    }
}
