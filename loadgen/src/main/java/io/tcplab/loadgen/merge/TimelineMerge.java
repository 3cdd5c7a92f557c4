package io.tcplab.loadgen.merge;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.result.FinishedRun;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.result.StreamedFile;
import io.tcplab.loadgen.result.TimelineReader;
import io.tcplab.loadgen.result.TimelineWriter;
import io.tcplab.loadgen.watch.TimelineRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Lays the shards' timelines on each other, second by second from the first shard's beginning: what the generators did is added, their
 * latencies come from the histograms, and of the shards that looked at one namespace the first one's kernel rows stand. Reads and writes
 * streams: memory does not grow with the run.
 */
final class TimelineMerge implements AutoCloseable {

    private final List<TimelineSource> loads = new ArrayList<>();
    private final List<TimelineSource> kernels = new ArrayList<>();
    private final long firstMillis;

    TimelineMerge(List<FinishedRun> shards) throws IOException {
        this.firstMillis = shards.getFirst().summary().startedAt().toEpochMilli();
        Set<String> seen = new HashSet<>();
        try {
            for (FinishedRun shard : shards) {
                open(shard, seen);
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void open(FinishedRun shard, Set<String> seen) throws IOException {
        Path file = shard.directory().resolve(ResultsDirectory.TIMELINE);
        if (!Files.isRegularFile(file)) {
            return;
        }
        double later = (shard.summary().startedAt().toEpochMilli() - firstMillis) / 1000.0;
        loads.add(new TimelineSource(
                TimelineReader.of(file, Side.CLIENT, TimelineReader.Kind.LOAD),
                shard.directory().toString(),
                later));
        for (Side side : Side.values()) {
            String namespace = KernelMerge.namespace(shard, side);
            if (seen.add(side.word() + namespace)) {
                kernels.add(new TimelineSource(
                        TimelineReader.of(file, side, TimelineReader.Kind.KERNEL), namespace, later));
            }
        }
    }

    /** Writes the timeline; the latencies are those of {@code log}, whose lines are by time. */
    void write(ResultsDirectory into, Path log) throws IOException {
        try (StreamedFile file = into.stream(ResultsDirectory.TIMELINE);
                LatenciesBySecond latencies = new LatenciesBySecond(log, firstMillis)) {
            TimelineWriter writer = new TimelineWriter(file.stream());
            List<TimelineSource> all =
                    Stream.concat(loads.stream(), kernels.stream()).toList();
            while (all.stream().anyMatch(source -> !source.isOver())) {
                long second = all.stream()
                        .filter(source -> !source.isOver())
                        .mapToLong(TimelineSource::second)
                        .min()
                        .orElseThrow();
                write(writer, second, latencies);
            }
        }
    }

    private void write(TimelineWriter writer, long second, LatenciesBySecond latencies) throws IOException {
        MergedSecond merged = new MergedSecond();
        for (TimelineSource source : loads) {
            for (var row = source.upTo(second); row != null; row = source.upTo(second)) {
                merged.addLoad(source.origin(), row);
            }
        }
        for (TimelineSource source : kernels) {
            for (var row = source.upTo(second); row != null; row = source.upTo(second)) {
                merged.addKernel(source.origin(), row);
            }
        }
        TimelineRow.Load load = merged.load(latencies.of(second));
        TimelineRow.Kernel client = merged.kernel(Side.CLIENT);
        TimelineRow.Kernel server = merged.kernel(Side.SERVER);
        if (load != null || client != null) {
            writer.append(new TimelineRow(second, Side.CLIENT, load, client));
        }
        if (server != null) {
            writer.append(new TimelineRow(second, Side.SERVER, null, server));
        }
    }

    @Override
    public void close() throws IOException {
        for (TimelineSource source : loads) {
            source.close();
        }
        for (TimelineSource source : kernels) {
            source.close();
        }
    }
}
