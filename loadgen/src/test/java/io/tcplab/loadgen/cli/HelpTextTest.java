package io.tcplab.loadgen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class HelpTextTest {

    @Test
    void helpThatIsKeptReadyIsWhatTheCommandsSay() throws IOException {
        try (InputStream kept = Tcplab.class.getResourceAsStream(Tcplab.HELP)) {
            assertThat(kept).isNotNull();
            assertThat(new String(kept.readAllBytes(), StandardCharsets.UTF_8))
                    .as("loadgen/src/main/resources/io/tcplab/loadgen/cli/" + Tcplab.HELP + " is to read")
                    .isEqualTo(Tcplab.commandLine().setUsageHelpAutoWidth(false).getUsageMessage());
        }
    }
}
