package io.tcplab.loadgen.run;

import io.tcplab.companion.control.ObservationLog;
import io.tcplab.kernel.observe.Observation;
import io.tcplab.loadgen.result.StreamedFile;
import io.tcplab.loadgen.result.TimelineWriter;
import io.tcplab.loadgen.view.RunView;
import io.tcplab.loadgen.watch.PortRecorder;
import io.tcplab.loadgen.watch.TimelineRow;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One port that is observed: its observer, its record and, where asked, the file of its timeline. Used by one thread. */
final class WatchedPort implements AutoCloseable {

    private final int port;
    private final ObservationLog log;
    private final PortRecorder recorder;
    private final @Nullable StreamedFile file;
    private final @Nullable TimelineWriter rows;
    private long last;

    /** From the observer and the file that this one closes; {@code beganNanos} is the beginning of its timeline. */
    WatchedPort(int port, long beganNanos, ObservationLog log, @Nullable StreamedFile file) throws IOException {
        this.port = port;
        this.log = log;
        this.recorder = new PortRecorder(port, beganNanos);
        this.file = file;
        this.rows = file == null ? null : new TimelineWriter(file.stream());
    }

    int port() {
        return port;
    }

    ObservationLog log() {
        return log;
    }

    PortRecorder recorder() {
        return recorder;
    }

    /** Takes in what was observed since the last time; {@code whole} observes once more before, with all states. */
    void read(boolean whole, RunView seen) throws IOException {
        if (whole) {
            log.look();
        }
        ObservationLog.Part part = log.after(last);
        last = part.last();
        for (Observation observation : part.observations()) {
            recorder.add(observation);
            TimelineRow row = recorder.row(observation);
            seen.row(row);
            if (rows != null) {
                rows.append(row);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (file != null) {
                file.close();
            }
        } finally {
            log.close();
        }
    }
}
