package io.tcplab.loadgen.learn;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.run.BadUsage;
import io.tcplab.loadgen.run.ExitCode;
import io.tcplab.loadgen.run.Output;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** From a capture to a profile. */
public final class LearnSession {

    private final Path capture;
    private final @Nullable Path out;
    private final @Nullable Integer port;

    /** Of a capture; to a file, or to stdout where none is named; of all servers, or of those at a port. */
    public LearnSession(Path capture, @Nullable Path out, @Nullable Integer port) {
        this.capture = capture;
        this.out = out;
        this.port = port;
    }

    /** Learns; what was learned goes to {@code stdout}, or a sentence about it where there is a file. */
    public ExitCode run(PrintWriter stdout) throws CannotRun {
        LearnedProfile profile = learn();
        String yaml = profile.yaml();
        if (out == null) {
            stdout.print(yaml);
        } else {
            Output.writeFile(out, () -> yaml);
            stdout.println("written to " + out + ": " + profile.sentence());
        }
        stdout.flush();
        return ExitCode.FINE;
    }

    private LearnedProfile learn() throws CannotRun {
        if (!Files.isRegularFile(capture)) {
            throw new BadUsage(capture + (Files.exists(capture) ? " is not a file." : " does not exist."));
        }
        CaptureCounts counts = new CaptureCounts();
        Flows flows = new Flows(port, counts);
        boolean cut;
        try {
            cut = CaptureReader.read(capture, new SegmentReader(flows, counts));
        } catch (NotACapture e) {
            throw new BadUsage(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new CannotRun(capture + " cannot be read: " + e.getMessage() + ".", e);
        }
        Traffic traffic = flows.finish();
        if (traffic.conversations().isEmpty()) {
            throw new BadUsage(capture + " has no TCP connection" + (port == null ? "" : " to port " + port)
                    + " in its "
                    + counts.packets + " packets"
                    + (counts.unknownLink < 0 ? "." : "; its link type " + counts.unknownLink + " is not known."));
        }
        Path file = capture.getFileName();
        return new LearnedProfile(file == null ? "capture" : file.toString(), traffic, cut);
    }
}
