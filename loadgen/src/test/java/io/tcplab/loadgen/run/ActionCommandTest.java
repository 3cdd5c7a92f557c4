package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ActionCommandTest {

    private static List<ProcessHandle> sleepers() {
        return ProcessHandle.current()
                .descendants()
                .filter(each -> Arrays.stream(each.info().arguments().orElse(new String[0]))
                        .anyMatch("4321.5"::equals))
                .toList();
    }

    @Test
    void whatAnInterruptedCommandHasStartedEndsWithIt() throws Exception {
        Thread runs = Thread.ofPlatform().start(() -> {
            try {
                ActionCommand.Ended _ =
                        ActionCommand.run(new ProcessBuilder("sh", "-c", "sleep 4321.5 & sleep 4321.5; echo late"));
            } catch (IOException | InterruptedException _) {
                // as is to be expected
            }
        });
        List<ProcessHandle> all = sleepers();
        while (all.size() < 2) {
            Thread.sleep(5);
            all = sleepers();
        }
        runs.interrupt();
        assertThat(runs.join(Duration.ofSeconds(20))).isTrue();
        for (ProcessHandle each : all) {
            ProcessHandle _ = each.onExit().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void itsExitCodeAndItsLastLineAreKept() throws Exception {
        ActionCommand.Ended ended = ActionCommand.run(new ProcessBuilder(
                "sh", "-c", "head -c 300000 /dev/zero | tr '\\0' x; echo; echo no such file >&2; exit 3"));
        assertThat(ended).isEqualTo(new ActionCommand.Ended(3, "no such file"));
        assertThat(ActionCommand.run(new ProcessBuilder("sh", "-c", "echo well")))
                .isEqualTo(new ActionCommand.Ended(0, null));
    }
}
