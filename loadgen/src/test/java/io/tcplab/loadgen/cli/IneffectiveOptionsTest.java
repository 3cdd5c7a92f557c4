package io.tcplab.loadgen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An option that would have no effect beside the others is refused in a sentence, before anything is started. */
@Timeout(60)
class IneffectiveOptionsTest {

    @TempDir
    private Path directory;

    private Path profile;

    @BeforeEach
    void write() throws IOException {
        profile = Files.writeString(directory.resolve("two.yaml"), """
                name: two
                connections: 10
                load: {closed: {concurrency: 1}}
                mix: [{name: a, exchanges: 1}, {name: b, exchanges: 2}]
                tune: {matrices: [{client: {net.ipv4.tcp_tw_reuse: [0, 1]}}]}
                """);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            run PROFILE --isolate netns --observe 127.0.0.1:9100          | --observe has no effect in an isolated network
            run PROFILE --isolate docker --observe 127.0.0.1:9100         | --observe has no effect in an isolated network
            run PROFILE --isolate netns --shards 2 --observe 127.0.0.1:91 | --observe has no effect in an isolated network
            compare PROFILE --isolate netns --observe 127.0.0.1:9100      | --observe has no effect in an isolated network
            limit PROFILE --isolate netns --observe 127.0.0.1:9100        | --observe has no effect in an isolated network
            tune PROFILE --observe 127.0.0.1:9100                         | --observe has no effect in an isolated network
            run PROFILE --observe-token x                                 | --observe-token needs --observe
            observe --port 80 --for 1s --token x                          | --token-file and --token need --control
            serve --port 0 --token x                                      | --token-file and --token need --control
            serve --misbehave none --control 127.0.0.1:0                  | --control has no effect with --misbehave
            serve --misbehave none --accept-delay 10ms                    | --accept-delay has no effect with --misbehave
            tune PROFILE --pairwise                                       | --pairwise needs --sysctl or --set
            tune PROFILE --side server                                    | --side needs --sysctl
            tune PROFILE --set seed=1,2 --isolate none --parallel 2       | --parallel needs isolated cells
            inspect 127.0.0.1:9 --protocol none --script PROFILE          | --script PROFILE is short for --protocol
            inspect 127.0.0.1:9 --protocol none --large-path /a           | --large-path needs --protocol http
            run PROFILE --rate 10/s --concurrency 2                       | --rate and --concurrency exclude one another
            validate PROFILE --rate 10/s --concurrency 2                  | --rate and --concurrency exclude one another
            run PROFILE --quiet --plain                                   | --quiet and --plain exclude each other
            run PROFILE --json --quiet --plain                            | --quiet and --plain exclude each other
            limit PROFILE --quiet --live                                  | --quiet and --live exclude each other
            compare PROFILE --repeat 2 --find 1%                          | --find must be from 2% to 1000%
            """)
    void isRefused(String arguments, String sentence) {
        CommandLineAccess.Ran ran = CommandLineAccess.run(
                List.of(arguments.replace("PROFILE", profile.toString()).split(" ")));
        assertThat(ran.stderr()).contains("tcplab: " + sentence);
        assertThat(ran.exitCode()).isEqualTo(2);
    }
}
