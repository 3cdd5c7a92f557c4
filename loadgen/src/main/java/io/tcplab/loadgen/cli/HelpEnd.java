package io.tcplab.loadgen.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * How a command's help and its manual page end.
 *
 * @param examples command lines that work from a clone or with a server of yours
 * @param exitCodes what the exit codes mean that this command has
 */
record HelpEnd(List<String> examples, String exitCodes) {

    private static final String ALWAYS = "0 fine; 1 could not run; 2 bad usage or profile";
    private static final String DOUBT = "; 4 ran, but the result cannot be trusted";
    private static final String INTERRUPTED = "; 130 interrupted";
    private static final String PARTIAL = INTERRUPTED + ", with complete partial results";

    /** By the command's name after {@code tcplab}. */
    private static final Map<String, HelpEnd> ALL = Map.ofEntries(
            Map.entry(
                    "",
                    of(
                            ALWAYS + "; 3 a threshold or expectation was not met" + DOUBT + PARTIAL,
                            "tcplab run profiles/short-vs-keepalive.yaml")),
            Map.entry(
                    "run",
                    of(
                            ALWAYS + "; 3 a threshold was not met" + DOUBT + PARTIAL,
                            "tcplab run profiles/short-vs-keepalive.yaml",
                            "tcplab run profiles/short.yaml --isolate netns --rate 2000/s",
                            "tcplab run profiles/http-keepalive.yaml --target 127.0.0.1:8080")),
            Map.entry(
                    "compare",
                    of(
                            ALWAYS + "; 3 with --gate: something got worse" + DOUBT + PARTIAL,
                            "tcplab compare profiles/short-vs-keepalive.yaml",
                            "tcplab compare results/after --baseline results/before --gate")),
            Map.entry(
                    "tune",
                    of(
                            ALWAYS + DOUBT + PARTIAL,
                            "tcplab tune profiles/tune/backlog.yaml",
                            "tcplab tune profiles/short.yaml --sysctl net.ipv4.tcp_tw_reuse=0,1")),
            Map.entry(
                    "limit",
                    of(
                            ALWAYS + "; 3 no load at all meets the thresholds; 4 the generator was the limit" + PARTIAL,
                            "tcplab limit profiles/rst.yaml --isolate netns",
                            "tcplab limit profiles/http-short.yaml --target 127.0.0.1:8080")),
            Map.entry(
                    "learn",
                    of(
                            "0 fine; 1 the capture cannot be read; 2 bad usage, or not a capture",
                            "tcplab learn traffic.pcap -o learned.yaml")),
            Map.entry(
                    "inspect",
                    of(
                            ALWAYS + "; 3 with --expect: a finding differs" + DOUBT + INTERRUPTED,
                            "tcplab inspect 127.0.0.1:8080",
                            "tcplab inspect --server profiles/servers/nginx.yaml --isolate netns")),
            Map.entry(
                    "lab",
                    of(
                            "0 fine; 1 could not run; 2 bad usage; 3 a claim does not hold here" + INTERRUPTED,
                            "tcplab lab list",
                            "tcplab lab show T1",
                            "tcplab lab run all")),
            Map.entry("lab list", of("0 fine; 2 bad usage", "tcplab lab list")),
            Map.entry(
                    "lab show",
                    of(
                            "0 fine; 1 could not run; 2 bad usage; 3 the claim does not hold here" + INTERRUPTED,
                            "tcplab lab show T1",
                            "tcplab lab show T1 --plan")),
            Map.entry(
                    "lab run",
                    of(
                            "0 fine; 1 could not run; 2 bad usage; 3 a claim does not hold here" + INTERRUPTED,
                            "tcplab lab run C7 T1",
                            "tcplab lab run all --json")),
            Map.entry(
                    "lab claims",
                    of(
                            "0 fine; 1 could not run; 2 bad usage; 3 a claim does not hold here" + INTERRUPTED,
                            "tcplab lab claims")),
            Map.entry(
                    "serve",
                    of(
                            "0 ended by a signal; 1 could not listen; 2 bad usage",
                            "tcplab serve --port 9000",
                            "tcplab serve --port 9000 --control 127.0.0.1:9100")),
            Map.entry(
                    "observe",
                    of(
                            "0 fine; 1 could not observe; 2 bad usage" + PARTIAL,
                            "tcplab observe --port 8080 --for 30s --csv queue.csv",
                            "tcplab observe --port 8080 --control 127.0.0.1:9100")),
            Map.entry(
                    "doctor",
                    of(
                            "0 fine; 1 could not run; 2 bad usage or profile; 3 a check failed",
                            "tcplab doctor",
                            "tcplab doctor profiles/hold.yaml --target 127.0.0.1:8080")),
            Map.entry(
                    "lead",
                    of(
                            ALWAYS + "; 3 a threshold was not met" + DOUBT + PARTIAL,
                            "tcplab lead profiles/short.yaml --generators 2 --target 127.0.0.1:8080")),
            Map.entry(
                    "join",
                    of("0 fine; 1 could not run to the end; 2 bad usage" + INTERRUPTED, "tcplab join 127.0.0.1:9200")),
            Map.entry(
                    "report",
                    of("0 fine; 1 a result cannot be read; 2 bad usage", "tcplab report results/before results/after")),
            Map.entry(
                    "merge",
                    of("0 fine; 1 a result cannot be read; 2 bad usage", "tcplab merge shard-0 shard-1 -o merged")),
            Map.entry(
                    "validate",
                    of(
                            "0 fine; 2 the profile has a problem, or bad usage",
                            "tcplab validate profiles/short.yaml --set mix.0.weight=3")),
            Map.entry("completion", of("0 fine; 2 bad usage", "tcplab completion bash")));

    private static final HelpEnd NONE = new HelpEnd(List.of(), "");

    HelpEnd {
        examples = List.copyOf(examples);
    }

    private static HelpEnd of(String exitCodes, String... examples) {
        return new HelpEnd(List.of(examples), exitCodes + ".");
    }

    /** Of a command in the model that help is printed from. */
    static HelpEnd of(CommandSpec command) {
        String name = command.qualifiedName().substring(command.root().name().length());
        return ALL.getOrDefault(name.strip(), NONE);
    }

    /** Puts it below the help of a command and of those below it. */
    static void add(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        HelpEnd end = of(spec);
        List<String> lines = new ArrayList<>(List.of(spec.usageMessage().footer()));
        if (!end.examples.isEmpty()) {
            lines.add("");
            lines.add(end.examples.size() == 1 ? "Example:" : "Examples:");
            end.examples.forEach(example -> lines.add("  " + example));
            lines.add("");
            lines.add("Exit codes: " + end.exitCodes);
        }
        spec.usageMessage().footer(lines.toArray(new String[0]));
        command.getSubcommands().values().forEach(HelpEnd::add);
    }
}
