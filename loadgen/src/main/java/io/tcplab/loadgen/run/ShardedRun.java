package io.tcplab.loadgen.run;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.syscall.Syscalls;
import io.tcplab.loadgen.judge.warning.ShardLost;
import io.tcplab.loadgen.merge.Merge;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileWriter;
import io.tcplab.loadgen.report.html.HtmlReport;
import io.tcplab.loadgen.result.JsonText;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Verdict;
import io.tcplab.loadgen.view.PipedRuns;
import io.tcplab.loadgen.view.PipedView;
import io.tcplab.loadgen.view.Undertaking;
import io.tcplab.loadgen.view.View;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One load from several processes: each is a generator with an even share and, unless the profile names a target, a companion of its
 * own on a port of its own. So a load may have more open files than one process, and more CPU than one loop. The shards' results
 * lie in the result's directory as {@code shard-0} and so on, and are merged.
 */
public final class ShardedRun implements EndableRun {

    /** Marks a generator as a shard, and ends with the process that started it. */
    private static final String SHARD = "TCPLAB_SHARD";

    /** What a shard says goes to this file of its directory. */
    private static final String STDERR = "stderr.txt";

    private static final int PR_SET_PDEATHSIG = 1;
    private static final int SIGTERM = 15;

    private final RunRequest request;
    private final int shards;
    private final String mainClass;
    private final View view;
    private final PrintWriter stderr;
    private final List<Process> processes = new ArrayList<>();
    private final List<String> lost = new ArrayList<>();

    /** Set by an interruption; volatile: the running thread must see it. */
    private volatile boolean interrupted;

    /** {@code mainClass} is the command line's, to be run with {@code run}; what the shards read is shown by {@code view}. */
    public ShardedRun(RunRequest request, int shards, String mainClass, View view, PrintWriter stderr) {
        this.request = request;
        this.shards = shards;
        this.mainClass = mainClass;
        this.view = view;
        this.stderr = stderr;
    }

    /** To be called first in a process that may be a shard: it is asked to end when the one that started it is gone. */
    public static void endWithParent() {
        if (System.getenv(SHARD) != null) {
            int _ = Syscalls.prctl(PR_SET_PDEATHSIG, SIGTERM);
        }
    }

    /** Ends all shards early, each with complete partial results. May be called from any thread, at any time. */
    @Override
    public void interrupt() {
        interrupted = true;
        synchronized (processes) {
            processes.forEach(Process::destroy);
        }
    }

    /** Ends the recorded part of all shards now; one that does not hear it is interrupted. */
    @Override
    public void endEarly() {
        synchronized (processes) {
            for (Process shard : processes) {
                try {
                    shard.getOutputStream().write((PipedView.END + "\n").getBytes(StandardCharsets.US_ASCII));
                    shard.getOutputStream().flush();
                } catch (IOException _) {
                    shard.destroy();
                }
            }
        }
    }

    /** Runs all shards at once and merges what they wrote. Every process is gone when it returns or throws. */
    @Override
    public RunResult run() throws CannotRun {
        Profile whole = RunSession.withSeed(request.profile());
        if (shards > whole.load().mostShares() || shards > whole.connections()) {
            throw new CannotRun(
                    "The load cannot be divided among " + shards + " shards: some would have nothing to do.");
        }
        if (whole.client().pinCpu()) {
            throw new CannotRun(
                    "client.pinCpu works with one process only: every shard would use the same CPU. Remove it.");
        }
        if (whole.ownServer() != null && request.isolation() == Isolation.NONE) {
            throw new CannotRun(
                    "Each shard would start server.command, and all of them on the same port: use --isolate netns, or start"
                            + " the server yourself and name it with --target.");
        }
        if (request.pcap() != null) {
            throw new CannotRun("Each shard has a cable of its own: capture with --pcap in a run without --shards.");
        }
        if (!whole.actions().isEmpty()) {
            throw new CannotRun("Each shard would do the profile's actions: run them from one process.");
        }
        try {
            ResultsDirectory directory = RunDirectory.of(request.out(), request.resultsRoot(), whole.name());
            PipedRuns seen = new PipedRuns(view, Undertaking.of(whole), shards);
            List<Path> parts = startAll(whole, directory, seen);
            List<Path> finished = awaitAll(parts);
            seen.finish();
            Summary merged = withoutTheLost(Merge.merge(finished, directory));
            directory.write(ResultsDirectory.SUMMARY, JsonText.of(merged));
            directory.write(ResultsDirectory.PROFILE, ProfileWriter.write(whole));
            directory.write(ResultsDirectory.REPORT, HtmlReport.fromDirectory(directory.path()));
            RunDirectory.release(directory.path());
            return new RunResult(merged, directory.path());
        } catch (IOException e) {
            throw new CannotRun("The shards cannot be run or merged: " + e.getMessage() + ".", e);
        } finally {
            endAll();
        }
    }

    private List<Path> startAll(Profile whole, ResultsDirectory directory, PipedRuns seen) throws IOException {
        List<Path> parts = new ArrayList<>();
        for (int number = 0; number < shards && !interrupted; number++) {
            Path part = Files.createDirectories(directory.path().resolve("shard-" + number));
            Path profile = part.resolve(ResultsDirectory.PROFILE);
            Files.writeString(profile, ProfileWriter.write(whole.share(number, shards)));
            boolean shown = seen.areSeen();
            ProcessBuilder builder = new ProcessBuilder(command(profile, part, shown))
                    .redirectOutput(shown ? ProcessBuilder.Redirect.PIPE : ProcessBuilder.Redirect.DISCARD)
                    .redirectError(part.resolve(STDERR).toFile());
            builder.environment().put(SHARD, String.valueOf(number));
            Process shard = builder.start();
            synchronized (processes) {
                processes.add(shard);
                if (interrupted) {
                    shard.destroy(); // the interruption came while it was started, and has not seen it
                }
            }
            if (shown) {
                seen.follow(number, shard.getInputStream());
            }
            parts.add(part);
        }
        return parts;
    }

    private List<String> command(Path profile, Path out, boolean shown) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        if (shown) {
            command.add(PipedView.ARGUMENT);
        }
        String classPath = System.getProperty("java.class.path");
        if (classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator)) {
            // Its manifest allows native access.
            command.addAll(List.of("-jar", classPath));
        } else {
            command.addAll(List.of("-cp", classPath, mainClass));
        }
        command.addAll(List.of("run", profile.toString()));
        command.addAll(List.of("--quiet", "--out", out.toString()));
        command.addAll(List.of("--isolate", request.isolation().name().toLowerCase(Locale.ROOT)));
        Endpoint observe = request.remote().observe();
        if (observe != null) {
            command.addAll(List.of("--observe", observe.toString()));
        }
        if (request.remote().observeToken() != null) {
            command.addAll(List.of("--observe-token", request.remote().observeToken()));
        }
        if (request.remote().keepGoing()) {
            command.add("--keep-going");
        }
        request.remote().mayTest().forEach(host -> command.addAll(List.of("--i-may-test", host)));
        return command;
    }

    /**
     * Returns the parts that have a result: a shard that was interrupted or that missed a threshold has one as well. What the
     * others said is repeated; they cost the whole its validity.
     */
    private List<Path> awaitAll(List<Path> parts) throws CannotRun {
        List<Path> finished = new ArrayList<>();
        for (int number = 0; number < parts.size(); number++) {
            Path part = parts.get(number);
            int code;
            try {
                code = processes.get(number).waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CannotRun("Waiting for the shards was interrupted.", e);
            }
            if (Files.isRegularFile(part.resolve(ResultsDirectory.SUMMARY))) {
                finished.add(part);
            } else {
                lost.add("shard " + number + " ended with " + code + lastWords(part));
            }
        }
        lost.forEach(stderr::println);
        stderr.flush();
        if (finished.isEmpty() && !parts.isEmpty()) {
            throw new CannotRun("No shard produced a result: " + String.join("; ", lost) + ".");
        }
        return finished;
    }

    private static String lastWords(Path part) {
        try {
            String said = Files.readString(part.resolve(STDERR)).strip();
            return said.isEmpty() ? ", without a message" : ": " + said;
        } catch (IOException | RuntimeException _) {
            return "";
        }
    }

    private Summary withoutTheLost(Summary merged) {
        if (lost.isEmpty()) {
            return merged;
        }
        List<Verdict.Warning> warnings = new ArrayList<>(merged.warnings());
        warnings.addFirst(new ShardLost(lost.size(), shards, String.join("; ", lost)).inWords());
        return merged.with(merged.verdict().withWarnings(false, warnings));
    }

    private void endAll() {
        synchronized (processes) {
            processes.forEach(Process::destroyForcibly);
        }
    }
}
