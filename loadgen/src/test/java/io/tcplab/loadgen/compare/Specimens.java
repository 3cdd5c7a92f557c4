package io.tcplab.loadgen.compare;

import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.Exchanges;
import io.tcplab.loadgen.result.Head;
import io.tcplab.loadgen.result.Latencies;
import io.tcplab.loadgen.result.LatencyStats;
import io.tcplab.loadgen.result.Measured;
import io.tcplab.loadgen.result.Observed;
import io.tcplab.loadgen.result.Outcomes;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Verdict;
import io.tcplab.loadgen.tune.Cell;
import io.tcplab.loadgen.tune.CellResult;
import io.tcplab.loadgen.tune.Knob;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.SideFigures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rounds and cells as a run would give them, with the figures that a test asks for. */
public final class Specimens {

    private Specimens() {}

    /** A round under construction: nothing happened in it but what is added. */
    public static final class Round {
        private final Map<ConnectionOutcome, Long> outcomes = new EnumMap<>(ConnectionOutcome.class);
        private final Map<String, Long> client = new HashMap<>();
        private final Map<String, Long> server = new HashMap<>();
        private final List<Measured.Cause> causes = new ArrayList<>();
        private final Map<Metric, LatencyStats> latencies = new EnumMap<>(Metric.class);
        private KernelFigures.@Nullable AcceptQueue queue;
        private long timeWait;
        private Verdict verdict = Verdict.OPEN;
        private boolean interrupted;

        /** It ended before its time. */
        public Round interrupted() {
            interrupted = true;
            return this;
        }

        /** Its result is not to be believed. */
        public Round notValid() {
            verdict = new Verdict(false, List.of(), List.of());
            return this;
        }

        public Round ended(ConnectionOutcome outcome, long count) {
            outcomes.put(outcome, count);
            return this;
        }

        public Round client(String counter, long delta) {
            client.put(counter, delta);
            return this;
        }

        public Round server(String counter, long delta) {
            server.put(counter, delta);
            return this;
        }

        public Round queue(long limit, long peak) {
            queue = new KernelFigures.AcceptQueue(limit, peak, peak);
            return this;
        }

        public Round timeWait(long peak) {
            timeWait = peak;
            return this;
        }

        public Round cause(String cause, double lastSecond) {
            causes.add(new Measured.Cause(cause, 1, lastSecond, lastSecond));
            return this;
        }

        public Round late(double startDelayMicros) {
            Double each = startDelayMicros;
            latencies.put(
                    Metric.START_DELAY, new LatencyStats(1000, each, each, each, each, each, each, each, List.of()));
            return this;
        }

        /** Every exchange took so long. */
        public Round response(double micros) {
            Double each = micros;
            latencies.put(Metric.RESPONSE, new LatencyStats(1000, each, each, each, each, each, each, each, List.of()));
            return this;
        }

        public Summary summary() {
            Map<ConnectionOutcome, Long> all = new EnumMap<>(ConnectionOutcome.class);
            for (ConnectionOutcome outcome : ConnectionOutcome.values()) {
                all.put(outcome, outcomes.getOrDefault(outcome, 0L));
            }
            long started = all.values().stream().mapToLong(Long::longValue).sum();
            long completed = all.getOrDefault(ConnectionOutcome.COMPLETED, 0L);
            return new Summary(
                    Head.of("specimen", null, Instant.EPOCH, 1, 23),
                    verdict,
                    new Measured(
                            new Measured.Rates(null, started, completed, completed),
                            new Outcomes(started, all),
                            Exchanges.NONE,
                            causes,
                            List.of(),
                            List.of(),
                            new Latencies(latencies),
                            null,
                            null,
                            null,
                            null),
                    new Observed(
                            new KernelFigures(side(client, null), side(server, queue)),
                            List.of(),
                            new Observed.Generator(0.1, 1.0, 0.1, Observed.GcPauses.NONE),
                            null,
                            Observed.Warmup.NONE,
                            null,
                            null),
                    interrupted);
        }

        private SideFigures side(Map<String, Long> counters, KernelFigures.@Nullable AcceptQueue listener) {
            return new SideFigures(
                    counters, Map.of(), Map.of(), listener, new KernelFigures.TimeWait(timeWait, timeWait), 9000);
        }
    }

    public static Round round() {
        return new Round();
    }

    /** A profile from lines of YAML; what they do not say is a connect and close of 5.4 s. */
    public static Profile profile(String... lines) {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("duration", "5400ms");
        keys.put("load", "{open: {rate: 1000/s}}");
        keys.put("mix", "[{name: once, exchanges: 0}]");
        keys.put("protocol", "none");
        for (String line : lines) {
            keys.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1));
        }
        StringBuilder yaml = new StringBuilder();
        keys.forEach((key, value) -> yaml.append(key).append(": ").append(value).append("\n"));
        try {
            Path file = Files.createTempFile("specimen", ".yaml");
            try {
                return ProfileReader.read(Files.writeString(file, yaml), List.of("name=specimen"));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A cell with these values of client sysctls, which are also what reads back, and these rounds. */
    public static CellResult cell(Map<String, String> sysctls, Round... rounds) {
        Map<Knob, String> settings = new LinkedHashMap<>();
        sysctls.forEach((key, value) -> settings.put(new Knob(Knob.Kind.CLIENT_SYSCTL, key), value));
        List<Summary> summaries = new ArrayList<>();
        for (Round round : rounds) {
            summaries.add(round.summary());
        }
        return new CellResult(new Cell(settings), sysctls, summaries, List.of());
    }
}
