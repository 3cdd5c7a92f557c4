package io.tcplab.loadgen.record;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class InWordsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0.5174   | 0.517
            0.9996   | 1.00
            7.9      | 7.90
            9.996    | 10.0
            15.14    | 15.1
            99.96    | 100
            4998.4   | 4,998
            -3.14159 | -3.14
            """)
    void threeDigitsAreSignificant(double value, String words) {
        assertThat(InWords.significant(value)).isEqualTo(words);
        assertThat(InWords.rate(value)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0     | 0
            12    | 12
            28232 | 28,232
            -5    | -5
            """)
    void aWholeFigureIsWrittenInFull(double value, String words) {
        assertThat(InWords.rate(value)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0         | 0
            0.85      | 850 ns
            0.9996    | 1.00 µs
            13.64     | 13.6 µs
            999.6     | 1.00 ms
            1050      | 1.05 ms
            2300000   | 2.30 s
            -1050     | -1.05 ms
            """)
    void aTimeHasTheUnitThatFits(double micros, String words) {
        assertThat(InWords.micros(micros)).isEqualTo(words);
    }
}
