package io.tcplab.loadgen.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tcplab.kernel.ProcFile;
import io.tcplab.kernel.syscall.Syscalls;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.SummaryJson;
import io.tcplab.loadgen.result.Verdict;
import io.tcplab.loadgen.run.ExitCode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command line as a process of its own: exit codes, sentences instead of stack traces, complete results whatever happens. */
@Timeout(180)
class CommandLineIT {

    private static final long MOST_SECONDS = 120;

    @TempDir
    private Path home;

    private record Ended(int code, String out, String err) {}

    private Process start(String prefix, String... arguments) throws IOException {
        return start(System.getProperty("java.class.path"), prefix, arguments);
    }

    private Process start(String classPath, String prefix, String[] arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("env", "--default-signal=INT,HUP", "/bin/sh", "-c", prefix + " exec \"$@\"", "tcplab"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath,
                Tcplab.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectOutput(home.resolve("out").toFile())
                .redirectError(home.resolve("err").toFile())
                .start();
    }

    private Ended await(Process process) throws Exception {
        assertThat(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
        String err = Files.readString(home.resolve("err"));
        assertThat(err).doesNotContain("\tat ");
        return new Ended(process.exitValue(), Files.readString(home.resolve("out")), err);
    }

    private Path profile(String text) throws IOException {
        return Files.writeString(home.resolve("profile.yaml"), text);
    }

    private Summary summary() throws IOException {
        return SummaryJson.read(home.resolve("result").resolve(ResultsDirectory.SUMMARY));
    }

    private String result() {
        return home.resolve("result").toString();
    }

    @Test
    void descriptorsThatRunOutAreAnOutcomeAndAWarning() throws Exception {
        Path profile = profile("""
                name: descriptors
                duration: 1s
                load: {hold: {connections: 400, ramp: 500ms}}
                mix: [{name: only}]
                """);
        Ended ended = await(start(
                packed(), "ulimit -n 220;", new String[] {"run", profile.toString(), "--quiet", "--out", result()}));
        assertThat(ended.code()).as(ended.err()).isZero();
        Summary summary = summary();
        assertThat(summary.outcomes().balances()).isTrue();
        assertThat(summary.outcomes().flat().get("noDescriptor")).isPositive();
        assertThat(summary.warnings()).extracting(Verdict.Warning::code).contains("descriptorsExhausted");
    }

    /**
     * The class path with directories packed into jars, as the program has them: from a directory no class is loaded without a descriptor.
     */
    private String packed() throws IOException {
        List<String> jars = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path classes = Path.of(entry);
            if (!Files.isDirectory(classes)) {
                jars.add(entry);
                continue;
            }
            Path jar = home.resolve("classes-" + jars.size() + ".jar");
            try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar));
                    Stream<Path> files = Files.walk(classes)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    zip.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                    Files.copy(file, zip);
                }
            }
            jars.add(jar.toString());
        }
        return String.join(File.pathSeparator, jars);
    }

    @Test
    void aCompanionThatIsKilledInTheMiddleLeavesABalancedResult() throws Exception {
        Path profile = profile("""
                name: killed
                duration: 4s
                load: {closed: {concurrency: 5}}
                mix: [{name: only, exchanges: 5, think: 5ms}]
                client: {exchangeTimeout: 1s, closeTimeout: 1s}
                """);
        Process process = start("", "run", profile.toString(), "--quiet", "--out", result());
        Path timeline = home.resolve("result").resolve("." + ResultsDirectory.TIMELINE + ".part");
        while (process.isAlive() && (!Files.exists(timeline) || Files.size(timeline) == 0)) {
            Thread.onSpinWait();
        }
        process.children().forEach(ProcessHandle::destroyForcibly);
        await(process);
        assertThat(summary().outcomes().balances()).isTrue();
        assertThat(summary().outcomes().errors()).isPositive();
        assertThat(summary().server()).isNull();
        assertThat(summary().valid()).isFalse();
        assertThat(summary().warnings()).extracting(Verdict.Warning::code).contains("companionLost");
    }

    @Test
    void shardsTogetherMakeThePlansConnectionsAndAgreeWithTheirKernels() throws Exception {
        Path profile = profile("""
                name: shards
                connections: 23
                load: {closed: {concurrency: 4}}
                mix: [{name: only, exchanges: 2}]
                """);
        Ended ended = await(start(
                "", "run", profile.toString(), "--shards", "3", "--isolate", "netns", "--quiet", "--out", result()));
        assertThat(ended.code()).as(ended.err()).isZero();
        Summary summary = summary();
        assertThat(summary.outcomes().started()).isEqualTo(23);
        assertThat(summary.outcomes().balances()).isTrue();
        assertThat(summary.latencies().of(Metric.CONNECT).count()).isEqualTo(23);
        assertThat(summary.reconciliation())
                .hasSizeGreaterThan(9)
                .allSatisfy(
                        check -> assertThat(check.agrees()).as(check.sentence()).isTrue());
        assertThat(home.resolve("result").resolve("shard-2").resolve(ResultsDirectory.SUMMARY))
                .isRegularFile();
    }

    @Test
    void theCompilerGivesWayToStartsByTheClockAndTheEventLoopDoesNot() throws Exception {
        Path profile = profile("""
                name: clock
                warmup: 200ms
                duration: 60s
                load: {open: {rate: 50/s}}
                mix: [{name: only}]
                """);
        Process process = start("", "run", profile.toString(), "--quiet", "--out", result());
        while (process.isAlive() && niceOf(process, "C2 Comp") != 19) {
            Thread.onSpinWait();
        }
        assertThat(process.isAlive()).isTrue();
        assertThat(niceOf(process, "loop-0")).isZero();
        process.destroy();
        await(process);
    }

    @Test
    void aPinnedLoopHasItsCpuAloneAndTheCompanionKeepsOffIt() throws Exception {
        assumeThat(Runtime.getRuntime().availableProcessors()).as("CPUs").isGreaterThan(1);
        Path profile = profile("""
                name: pinned
                duration: 60s
                load: {open: {rate: 50/s}}
                mix: [{name: only}]
                client: {pinCpu: true}
                """);
        Process process = start("", "run", profile.toString(), "--quiet", "--out", result());
        BitSet own = allowed(process.toHandle(), "loop-0");
        // A loop begins with the CPUs of the thread that made it, which are those that are left for others.
        while (process.isAlive()
                && (own.cardinality() != 1 || own.intersects(allowed(process.toHandle(), "C2 Comp")))) {
            Thread.onSpinWait();
            own = allowed(process.toHandle(), "loop-0");
        }
        BitSet pinned = own;
        assertThat(process.isAlive()).isTrue();
        assertThat(allowed(process.toHandle(), "C2 Comp"))
                .isNotEqualTo(new BitSet())
                .matches(rest -> !rest.intersects(pinned));
        assertThat(process.children())
                .isNotEmpty()
                .allSatisfy(companion ->
                        assertThat(allowed(companion, "").intersects(pinned)).isFalse());
        process.destroy();
        await(process);
    }

    /** The CPUs of the first thread with such a name; none when there is none yet. */
    private static BitSet allowed(ProcessHandle process, String name) {
        Path tasks = Path.of("/proc", String.valueOf(process.pid()), "task");
        String[] threads = tasks.toFile().list();
        for (String thread : threads == null ? new String[0] : threads) {
            if (ProcFile.readIfPresent(tasks.resolve(thread).resolve("comm"))
                    .orElse("")
                    .startsWith(name)) {
                return Syscalls.affinity(Integer.parseInt(thread));
            }
        }
        return new BitSet();
    }

    /** Field 19 of proc_pid_stat(5), of the first thread with such a name; -99 = there is none yet. */
    private static int niceOf(Process process, String name) throws IOException {
        Path tasks = Path.of("/proc", String.valueOf(process.pid()), "task");
        for (String line : taskStats(tasks)) {
            int end = line.lastIndexOf(')');
            if (line.substring(line.indexOf('(') + 1, end).startsWith(name)) {
                return Integer.parseInt(line.substring(end + 2).split(" ")[16]);
            }
        }
        return -99;
    }

    private static List<String> taskStats(Path tasks) {
        List<String> lines = new ArrayList<>();
        String[] names = tasks.toFile().list();
        for (String task : names == null ? new String[0] : names) {
            ProcFile.readIfPresent(tasks.resolve(task).resolve("stat")).ifPresent(lines::add);
        }
        return lines;
    }

    @Test
    void moreShardsThanSlotsCannotRun() throws Exception {
        Path profile = profile("""
                name: shards
                connections: 23
                load: {closed: {concurrency: 2}}
                mix: [{name: only}]
                """);
        Ended ended = await(start("", "run", profile.toString(), "--shards", "3", "--out", result()));
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("cannot be divided among 3 shards");
    }

    @Test
    void shardsThatAreInterruptedLeaveAMergedResult() throws Exception {
        Path profile = profile("""
                name: shards
                duration: 60s
                load: {closed: {concurrency: 4}}
                mix: [{name: only, exchanges: 100, think: 5ms}]
                """);
        Process process = start("", "run", profile.toString(), "--shards", "2", "--quiet", "--out", result());
        Path timeline = home.resolve("result").resolve("shard-1").resolve("." + ResultsDirectory.TIMELINE + ".part");
        while (process.isAlive() && (!Files.exists(timeline) || Files.size(timeline) == 0)) {
            Thread.onSpinWait();
        }
        process.destroy();
        Ended ended = await(process);
        assertThat(ended.code()).as(ended.err()).isEqualTo(130);
        assertThat(summary().outcomes().balances()).isTrue();
        assertThat(summary().interrupted()).isTrue();
        assertThat(process.descendants()).isEmpty();
    }

    @Test
    void aThresholdThatIsNotMetIsExitCodeThree() throws Exception {
        Path profile = profile("""
                name: threshold
                connections: 5
                load: {closed: {concurrency: 1}}
                mix: [{name: only}]
                thresholds: ["connect.p50 < 1ns"]
                """);
        Ended ended = await(start("", "run", profile.toString(), "--json", "--out", result()));
        assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.NOT_MET.code());
        assertThat(ended.out()).startsWith("{").contains("\"schemaVersion\" : 1");
        assertThat(summary().thresholds()).singleElement().matches(threshold -> !threshold.passed());
    }

    @Test
    void aTypoIsOneSentenceAndExitCodeTwo() throws Exception {
        Path profile = profile("""
                name: typo
                load: {closed: {concurency: 1}}
                mix: [{name: only}]
                """);
        Ended ended = await(start("", "run", profile.toString()));
        assertThat(ended.code()).isEqualTo(ExitCode.BAD_USAGE.code());
        assertThat(ended.err())
                .contains("concurency")
                .contains("did you mean concurrency")
                .contains(":2:");
        assertThat(ended.err().lines()).hasSize(1);
    }

    @Test
    void aPublicTargetIsRefusedBeforeAnythingIsSent() throws Exception {
        Path profile = profile("""
                name: public
                target: 192.0.2.1:80
                connections: 1
                load: {closed: {concurrency: 1}}
                mix: [{name: only}]
                """);
        Ended ended = await(start("", "run", profile.toString()));
        assertThat(ended.code()).isEqualTo(ExitCode.COULD_NOT_RUN.code());
        assertThat(ended.err()).contains("--i-may-test 192.0.2.1");
    }

    private static final String QUICK = """
            name: quick
            connections: 3
            load: {closed: {concurrency: 1}}
            mix: [{name: only}]
            """;

    @Test
    void aResultThatCannotBePrintedIsExitCodeOne() throws Exception {
        Ended ended = await(start("exec > /dev/full;", "run", profile(QUICK).toString(), "--json", "--out", result()));
        assertThat(ended.code()).isEqualTo(ExitCode.COULD_NOT_RUN.code());
        assertThat(ended.err()).contains("stdout cannot be written");
        assertThat(summary().outcomes().started()).isEqualTo(3);
    }

    @Test
    void aDirectoryWithAResultOrWithoutANameIsRefused() throws Exception {
        String profile = profile(QUICK).toString();
        assertThat(await(start("", "run", profile, "--quiet", "--out", result()))
                        .code())
                .isZero();
        Ended again = await(start("", "run", profile, "--quiet", "--out", result()));
        assertThat(again.code()).isEqualTo(ExitCode.BAD_USAGE.code());
        assertThat(again.err()).contains("already contains a result").hasLineCount(1);
        Ended empty = await(start("", "run", profile, "--out", ""));
        assertThat(empty.code()).isEqualTo(ExitCode.BAD_USAGE.code());
        assertThat(empty.err()).contains("--out is empty");
    }

    @Test
    void theJunitReportIsWrittenBesideTheResult() throws Exception {
        Path junit = home.resolve("junit.xml");
        Ended ended = await(
                start("", "run", profile(QUICK).toString(), "--quiet", "--junit", junit.toString(), "--out", result()));
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(junit).content().contains("<testsuite name=\"tcplab.quick\" tests=\"1\"");
    }

    @Test
    void whatObserveCannotUseIsOneSentence() throws Exception {
        Path empty = Files.writeString(home.resolve("empty"), "\n");
        for (String[] wrong : new String[][] {
            {"--port=1", "--control=127.0.0.1:99999"},
            {"--port=1", "--control=0.0.0.0:0", "--token-file=" + home.resolve("missing")},
            {"--port=1", "--control=0.0.0.0:0", "--token-file=" + empty},
            {"--port=0", "--for=1s"},
            {"--port=1", "--for=soon"}
        }) {
            List<String> arguments = new ArrayList<>(List.of("observe"));
            arguments.addAll(List.of(wrong));
            Ended ended = await(start("", arguments.toArray(new String[0])));
            assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.BAD_USAGE.code());
            assertThat(ended.err().lines().filter(line -> line.startsWith("tcplab: ")))
                    .hasSize(1);
        }
    }

    @Test
    void signalsOfAllKindsEndAnObservationInOrder() throws Exception {
        for (String signal : List.of("TERM", "HUP", "INT")) {
            Process process = start("", "observe", "--port", "1");
            while (process.isAlive() && !Files.readString(home.resolve("out")).contains("observing")) {
                Thread.onSpinWait();
            }
            new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
            Ended ended = await(process);
            assertThat(ended.code()).as(signal).isEqualTo(ExitCode.INTERRUPTED.code());
        }
    }

    /** A port of 127.0.0.1 where nothing listens: it was bound a moment ago. */
    private static int deadPort() throws IOException {
        try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void nothingListensIsSaidBeforeTheRunAndKeepGoingGoesOn() throws Exception {
        String profile = profile("""
                name: nobody
                duration: 300ms
                load: {open: {rate: 100/s}}
                mix: [{name: only}]
                """).toString();
        String target = "127.0.0.1:" + deadPort();
        Ended ended = await(start("", "run", profile, "--target", target, "--out", result()));
        assertThat(ended.code()).isEqualTo(ExitCode.COULD_NOT_RUN.code());
        assertThat(ended.err())
                .contains("Nothing accepts connections at " + target, "ECONNREFUSED", "--keep-going")
                .hasLineCount(1);
        Ended going =
                await(start("", "run", profile, "--target", target, "--keep-going", "--quiet", "--out", result()));
        assertThat(going.err()).isEmpty();
        assertThat(summary().outcomes().flat().get("refused")).isPositive();
    }

    @Test
    void theAddressOfANameAndItsListenersLimitAreSaid() throws Exception {
        try (java.net.ServerSocket listener =
                new java.net.ServerSocket(0, 7, java.net.InetAddress.getByName("127.0.0.1"))) {
            Path profile = profile("""
                    name: named
                    connections: 2
                    protocol: none
                    load: {closed: {concurrency: 1}}
                    mix: [{name: only, exchanges: 0, close: {by: client, how: rst}}]
                    """);
            Ended ended = await(start(
                    "",
                    "run",
                    profile.toString(),
                    "--target",
                    "localhost:" + listener.getLocalPort(),
                    "--out",
                    result()));
            assertThat(ended.err())
                    .contains("is 127.0.0.1:" + listener.getLocalPort(), "listens on this host", "accept queue 0 of 7");
            assertThat(summary().outcomes().started()).isEqualTo(2);
        }
    }

    @Test
    void aGeneratorThatWasStoppedSaysSo() throws Exception {
        Path profile = profile("""
                name: stopped
                duration: 9s
                load: {open: {rate: 50/s}}
                mix: [{name: only}]
                """);
        Process process = start("", "run", profile.toString(), "--quiet", "--out", result());
        Path timeline = home.resolve("result").resolve("." + ResultsDirectory.TIMELINE + ".part");
        while (process.isAlive() && !hasRecorded(timeline)) {
            Thread.onSpinWait();
        }
        new ProcessBuilder("kill", "-STOP", String.valueOf(process.pid()))
                .start()
                .waitFor();
        Thread.sleep(1000); // how long it is stopped is what is tried
        new ProcessBuilder("kill", "-CONT", String.valueOf(process.pid()))
                .start()
                .waitFor();
        Ended ended = await(process);
        assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.NOT_TO_BE_BELIEVED.code());
        assertThat(summary().warnings()).extracting(Verdict.Warning::code).contains("generatorStopped");
    }

    @Test
    void aShardThatIsKilledCostsTheResultItsValidityAndNotTheOthers() throws Exception {
        Path profile = profile("""
                name: shards
                duration: 3s
                load: {closed: {concurrency: 4}}
                mix: [{name: only, exchanges: 100, think: 5ms}]
                """);
        Process process = start("", "run", profile.toString(), "--shards", "2", "--quiet", "--out", result());
        Path timeline = home.resolve("result").resolve("shard-1").resolve("." + ResultsDirectory.TIMELINE + ".part");
        while (process.isAlive() && !hasRecorded(timeline)) {
            Thread.onSpinWait();
        }
        process.children()
                .max(Comparator.comparing(ProcessHandle::pid))
                .orElseThrow()
                .destroyForcibly();
        Ended ended = await(process);
        assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.NOT_TO_BE_BELIEVED.code());
        assertThat(summary().valid()).isFalse();
        assertThat(summary().outcomes().started()).isPositive();
        assertThat(summary().warnings()).extracting(Verdict.Warning::code).contains("shardLost");
        assertThat(ended.err()).contains("shard 1 ended with 137");
    }

    @Test
    void onAFullDiskTheResultIsPrintedAndNoPageIsCutShort() throws Exception {
        assumeThat(System.getProperty("user.name")).as("mounting needs root").isEqualTo("root");
        Path full = Files.createDirectory(home.resolve("full"));
        String mounted = "exec unshare -m /bin/sh -c 'mount -t tmpfs -o size=48k tmpfs " + full
                + " && \"$@\"; code=$?; ls -A " + full + "/result >&2; exit $code' tcplab \"$@\"; ";
        Ended ended = await(start(
                mounted,
                "run",
                profile(QUICK).toString(),
                "--json",
                "--out",
                full.resolve("result").toString()));
        assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.COULD_NOT_RUN.code());
        assertThat(ended.out()).startsWith("{").contains("\"started\" : 3");
        assertThat(ended.err())
                .contains("(No space left on device)", "--out")
                .contains("\nsummary.json")
                .doesNotContain("\nreport.html\n");
    }

    /** Whether half a second of the recorded part is in the timeline. */
    private static boolean hasRecorded(Path timeline) throws IOException {
        return Files.exists(timeline)
                && Files.readString(timeline).lines().anyMatch(line -> line.matches("(0\\.[5-9]|[1-9]).*"));
    }
}
