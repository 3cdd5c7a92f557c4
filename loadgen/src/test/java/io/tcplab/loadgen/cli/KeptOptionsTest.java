package io.tcplab.loadgen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The options that scripts rely on: others may join them, and none goes. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class KeptOptionsTest {

    @ParameterizedTest
    @CsvSource({
        "run, --target --observe --isolate --set --duration --rate --concurrency --connections --seed --shards --metrics",
        "run, --pcap --out --json --quiet --live --plain --keep-going --i-may-test --junit",
        "compare, --gate --baseline --markdown --junit --repeat --find --isolate --observe --set --json --out",
        "tune, --set --sysctl --isolate --repeat --json --out",
        "limit, --set --rate --concurrency --connections --isolate --json --out",
        "inspect, --protocol --server --isolate --only --long --json --junit --markdown --expect --list --reload --tls --insecure",
        "lab run, --repeat --long --json --junit --markdown --parallel",
        "lab claims, --long --json",
        "lab list, --json",
        "lab show, --plan --pcap --json",
        "serve, --port --backlog --protocol --tls --misbehave --control --token-file --accept-delay",
        "observe, --port --pid --netns --container --for --interval --csv --control --token-file --json",
        "doctor, --target --set --json",
        "lead, --generators --listen --token-file --metrics --target --set --out --json",
        "join, --token-file --as",
        "learn, --out --port",
        "report, --out",
        "merge, --out"
    })
    void aCommandHasTheOptionsThatItAlwaysHad(String command, String options) {
        CommandLine line = Tcplab.commandLine();
        for (String word : command.split(" ")) {
            line = line.getSubcommands().get(word);
            assertThat(line).as(command).isNotNull();
        }
        assertThat(line.getCommandSpec().optionsMap()).as(command).containsKeys(options.split(" "));
    }

    @ParameterizedTest
    @CsvSource({"validate", "completion", "lab list"})
    void aCommandIsThere(String command) {
        CommandLine line = Tcplab.commandLine();
        for (String word : List.of(command.split(" "))) {
            line = line.getSubcommands().get(word);
            assertThat(line).as(command).isNotNull();
        }
    }
}
