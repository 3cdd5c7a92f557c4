package io.tcplab.loadgen.run;

import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.namespace.Programs;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Fault;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Drops segments on the server's side of the cable at the times that the profile names, by nft(8) in the server's namespace, with which
 * the rules go. What nft says when it fails is thrown when this is closed.
 */
final class FaultyCable implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 10;
    private static final String ACKS = "tcp flags & (fin|syn|rst|psh|ack) == ack counter drop";
    private static final String EVERYTHING = "meta l4proto tcp counter drop";

    private final List<Fault> faults;
    private final NetworkNamespace server;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon(true).name("faults").factory());

    /** Set by the clock's thread; volatile: the thread that closes must see it. */
    private volatile @Nullable IOException failure;

    /** Faults from 0 on begin now, before there is any load. */
    FaultyCable(List<Fault> faults, NetworkNamespace server) throws IOException {
        this.faults = faults;
        this.server = server;
        for (int i = 0; i < faults.size(); i++) {
            if (faults.get(i).fromNanos() == 0) {
                nft(table(i) + rules(faults.get(i).drop()));
            }
        }
    }

    private static String table(int number) {
        return "table ip tcplab" + number;
    }

    /** Whether there can be faults at all. */
    static void check(RunRequest.Isolation isolation) throws CannotRun {
        if (isolation != RunRequest.Isolation.NETNS) {
            throw new CannotRun("The profile's faults want a cable of our own to fail: use --isolate netns.");
        }
        if (Programs.find("nft").isEmpty()) {
            throw new CannotRun("The profile's faults want the program nft, which is missing; install nftables.");
        }
    }

    /** Sets the clock; {@code nanos} is the {@link System#nanoTime} value at which the recorded part begins. */
    void recordedFrom(long nanos) {
        for (int i = 0; i < faults.size(); i++) {
            Fault fault = faults.get(i);
            if (fault.fromNanos() > 0) {
                at(nanos + fault.fromNanos(), table(i) + rules(fault.drop()));
            }
            if (fault.untilNanos() != Fault.NEVER) {
                at(nanos + fault.untilNanos(), "delete " + table(i));
            }
        }
    }

    private static String rules(Fault.Drop drop) {
        return switch (drop) {
            case ACKS -> " {\nchain arriving {\ntype filter hook input priority 0;\n" + ACKS + "\n}\n}\n";
            case EVERYTHING ->
                " {\nchain arriving {\ntype filter hook input priority 0;\n" + EVERYTHING
                        + "\n}\nchain leaving {\ntype filter hook output priority 0;\n" + EVERYTHING + "\n}\n}\n";
        };
    }

    private void at(long nanos, String rules) {
        var _ = clock.schedule(() -> apply(rules), nanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void apply(String rules) {
        try {
            nft(rules);
        } catch (IOException e) {
            failure = e;
        }
    }

    private void nft(String rules) throws IOException {
        String program = Programs.find("nft").orElse("nft");
        Process process = server.start(new ProcessBuilder(program, "-f", "-").redirectErrorStream(true));
        try (Writer writer = process.outputWriter(StandardCharsets.UTF_8)) {
            writer.write(rules);
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException(
                        "nft cannot drop segments: " + said.lines().findFirst().orElse("no reason given"));
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt(); // the run is over
        }
    }

    @Override
    public void close() throws IOException {
        clock.shutdownNow();
        IOException reason = failure;
        if (reason != null) {
            throw reason;
        }
    }
}
