package io.tcplab.kernel.counters;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** docs/counters.md says of each counter what the catalogue says. */
@Timeout(10)
class CounterPageTest {

    @Test
    void everyCounterOfTheCatalogueIsOnThePage() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "counters.md"));
        for (KernelCounter counter : KernelCounter.values()) {
            assertThat(page)
                    .contains("| `" + counter.kernelName() + "` | `" + counter.id() + "` | " + counter.label() + " | "
                            + counter.meaning() + " |");
        }
    }
}
