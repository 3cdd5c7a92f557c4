package io.tcplab.loadgen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.companion.CompanionSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine;

/** What the files of a deployment say to each other and to the command line. */
@Timeout(60)
class DeploymentTest {

    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
    private static final String IMAGE = "tcplab:local";
    private static final String ONLINE_BASE = "eclipse-temurin:25-jre";
    private static final String OFFLINE_BASE = "tcplab/java25:local";

    private static String text(String file) throws IOException {
        return Files.readString(REPOSITORY.resolve(file));
    }

    private static Iterable<Object> documents(String file) throws IOException {
        return new Load(LoadSettings.builder().build()).loadAllFromString(text(file));
    }

    /** Every map anywhere below that has this key. */
    private static List<Map<?, ?>> mapsWith(String key, Object tree) {
        List<Map<?, ?>> found = new ArrayList<>();
        if (tree instanceof Map<?, ?> map) {
            if (map.containsKey(key)) {
                found.add(map);
            }
            map.values().forEach(value -> found.addAll(mapsWith(key, value)));
        } else if (tree instanceof Iterable<?> list) {
            list.forEach(value -> found.addAll(mapsWith(key, value)));
        }
        return found;
    }

    /** ${NAME:-default} as compose expands it where nothing is set. */
    private static String expanded(String words) {
        Matcher variable = Pattern.compile("\\$\\{\\w+:-([^}]*)}").matcher(words);
        return variable.replaceAll(found -> Matcher.quoteReplacement(found.group(1)));
    }

    private static void isAccepted(List<String> arguments) {
        CommandLine.ParseResult parsed = Tcplab.commandLine().parseArgs(arguments.toArray(new String[0]));
        assertThat(parsed.hasSubcommand()).as(arguments.toString()).isTrue();
        for (String argument : arguments) {
            if (argument.startsWith("profiles/")) {
                assertThat(REPOSITORY.resolve(argument)).exists();
            }
        }
    }

    @Test
    void everyArgumentOfTheClusterIsOneOfTheCommandLine() throws Exception {
        int containers = 0;
        for (Object document : documents("deploy/kubernetes.yaml")) {
            for (Map<?, ?> container : mapsWith("image", document)) {
                assertThat(container.get("image")).isEqualTo(IMAGE);
                if (container.get("args") instanceof List<?> arguments) {
                    isAccepted(arguments.stream().map(String::valueOf).toList());
                    containers++;
                }
            }
        }
        assertThat(containers).isEqualTo(3);
    }

    @Test
    void everyArgumentOfTheCompositionsIsOneOfTheCommandLine() throws Exception {
        int commands = 0;
        for (String file : List.of("docker-compose.yml", "deploy/swarm.yaml", "deploy/observe.yaml")) {
            Object composition = documents(file).iterator().next();
            for (Map<?, ?> service : mapsWith("command", composition)) {
                isAccepted(Arrays.asList(
                        expanded(String.valueOf(service.get("command"))).strip().split("\\s+")));
                commands++;
            }
        }
        assertThat(commands).isEqualTo(9);
    }

    /** What a shell puts in place of its variables and substitutions does not matter here. */
    private static String withoutShell(String script) {
        return script.replaceAll("\\$\\(printf -- '--baseline %s ' [^)]*\\)", "--baseline results/base-1")
                .replace("$n", "1");
    }

    @Test
    void theJobsOfThePageOnCiAreYamlAndTheirCommandsExist() throws Exception {
        Matcher block = Pattern.compile("(?s)```yaml\n(.*?)```").matcher(text("docs/ci.md"));
        List<Integer> commands = new ArrayList<>();
        for (String yaml : block.results().map(found -> found.group(1)).toList()) {
            Object job = new Load(LoadSettings.builder().build()).loadFromString(yaml);
            List<String> scripts = new ArrayList<>();
            mapsWith("steps", job)
                    .forEach(jobs -> assertThat((List<?>) jobs.get("steps"))
                            .allMatch(step -> step instanceof Map<?, ?> one
                                    && (one.containsKey("run") != one.containsKey("uses"))));
            mapsWith("run", job).forEach(step -> scripts.add(String.valueOf(step.get("run"))));
            mapsWith("script", job)
                    .forEach(part -> scripts.addAll(((List<?>) part.get("script"))
                            .stream().map(String::valueOf).toList()));
            int calls = 0;
            for (String script : scripts) {
                Matcher call = Pattern.compile("\\btcplab ([a-z]+ [^|\n]*)").matcher(withoutShell(script));
                while (call.find()) {
                    isAccepted(Arrays.asList(call.group(1).strip().split("\\s+")));
                    calls++;
                }
            }
            commands.add(calls);
        }
        assertThat(commands).as("two runs and a gate in each of the two jobs").containsExactly(3, 3);
    }

    @Test
    void allFilesNameTheSameImages() throws Exception {
        assertThat(text("docker-compose.yml"))
                .contains("image: " + IMAGE)
                .contains("BASE: ${TCPLAB_BASE:-" + ONLINE_BASE);
        assertThat(text("deploy/observe.yaml")).contains("image: " + IMAGE + "\n");
        assertThat(text("deploy/Dockerfile")).contains("ARG BASE=" + ONLINE_BASE + "\n");
        assertThat(text("deploy/base-image")).contains("${1:-" + OFFLINE_BASE + "}");
        assertThat(text("deploy/build-image"))
                .contains("${1:-" + IMAGE + "}")
                .contains("online=" + ONLINE_BASE + "\n")
                .contains("offline=" + OFFLINE_BASE + "\n");
        assertThat(text("docs/docker.md")).contains(IMAGE).contains("deploy/build-image");
        assertThat(text("README.md")).contains("deploy/build-image").contains("docker-compose.yml");
    }

    @Test
    void theHealthCheckLooksForThePortThatIsServed() throws Exception {
        String hexadecimal = String.format(Locale.ROOT, ":%04X ", CompanionSettings.FIRST_PORT);
        assertThat(text("deploy/Dockerfile"))
                .contains(hexadecimal)
                .contains("EXPOSE " + CompanionSettings.FIRST_PORT + " ");
        for (String file : List.of("docker-compose.yml", "deploy/swarm.yaml")) {
            assertThat(text(file)).contains("--target target:" + CompanionSettings.FIRST_PORT);
        }
    }

    @Test
    void theImageAndTheReleaseStartTheProgramAsTheLauncherDoes() throws Exception {
        Matcher launcher = Pattern.compile("(?m)^options=\"(.*)\"$").matcher(text("tcplab"));
        assertThat(launcher.find()).isTrue();
        assertThat(text("deploy/tcplab").replace("'", "").replaceAll("\\s*\\\\\n\\s*", " "))
                .contains("exec java " + launcher.group(1) + " ");
        assertThat(text("deploy/launcher")).contains("options=\"" + launcher.group(1) + "\"\n");
    }

    @Test
    void theContextHoldsWhatTheImageIsMadeOf() throws Exception {
        List<String> allowed = text(".dockerignore").lines().toList();
        Matcher copies = Pattern.compile("(?m)^COPY (.*) \\S+$").matcher(text("deploy/Dockerfile"));
        int count = 0;
        while (copies.find()) {
            for (String source : copies.group(1).split(" ")) {
                assertThat(allowed).contains("!" + source);
                count++;
            }
        }
        assertThat(count).isPositive();
    }
}
