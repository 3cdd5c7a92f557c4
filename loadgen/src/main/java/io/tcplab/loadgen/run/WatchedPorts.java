package io.tcplab.loadgen.run;

import io.tcplab.companion.CompanionException;
import io.tcplab.companion.control.ObservationLog;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.observe.Observer;
import io.tcplab.loadgen.result.StreamedFile;
import io.tcplab.loadgen.watch.PortRecorder;
import io.tcplab.loadgen.watch.SideSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The ports of one observation, each with an observer of its own. */
final class WatchedPorts implements AutoCloseable {

    private final List<WatchedPort> ports = new ArrayList<>();

    private WatchedPorts() {}

    /** Starts an observer for each port, born in the namespace that it looks at; {@code null} is the calling thread's. */
    static WatchedPorts start(ObserveRequest request, @Nullable NetworkNamespace there, long beganNanos)
            throws CompanionException, IOException {
        WatchedPorts started = new WatchedPorts();
        boolean whole = false;
        try {
            for (int port : request.ports()) {
                started.ports.add(watch(port, request, there, beganNanos));
            }
            whole = true;
            return started;
        } finally {
            if (!whole) {
                started.close();
            }
        }
    }

    private static WatchedPort watch(
            int port, ObserveRequest request, @Nullable NetworkNamespace there, long beganNanos)
            throws CompanionException, IOException {
        Path timeline = request.timelineOf(port);
        StreamedFile file = timeline == null ? null : StreamedFile.at(timeline);
        ObservationLog log = null;
        WatchedPort watched = null;
        try {
            log = ObservationLog.start(new Observer.Settings(port, request.interval(), Observer.DEFAULT_SHARE), there);
            watched = new WatchedPort(port, beganNanos, log, file);
            return watched;
        } finally {
            if (watched == null && log != null) {
                log.close();
            }
            if (watched == null && file != null) {
                file.close();
            }
        }
    }

    List<WatchedPort> all() {
        return List.copyOf(ports);
    }

    WatchedPort first() {
        return ports.getFirst();
    }

    List<PortRecorder> recorders() {
        return ports.stream().map(WatchedPort::recorder).toList();
    }

    /** What is set in the namespace that they look at. */
    SideSettings side() {
        return SideSettings.of(first().log().side());
    }

    /** Their numbers in a sentence. */
    String words() {
        return ports.stream().map(each -> Integer.toString(each.port())).collect(Collectors.joining(", "));
    }

    @Override
    public void close() throws IOException {
        IOException first = null;
        for (WatchedPort each : ports) {
            try {
                each.close();
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
