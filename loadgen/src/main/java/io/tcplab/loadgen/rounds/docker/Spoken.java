package io.tcplab.loadgen.rounds.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** What a command in a container prints: stdout line by line as it comes, stderr as a whole. For the engine's one thread. */
final class Spoken extends ResultCallback.Adapter<Frame> {

    private final Consumer<String> eachLine;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();

    Spoken(Consumer<String> eachLine) {
        this.eachLine = eachLine;
    }

    @Override
    public void onNext(Frame frame) {
        if (frame.getStreamType() == StreamType.STDERR) {
            stderr.writeBytes(frame.getPayload());
            return;
        }
        for (byte next : frame.getPayload()) {
            if (next == '\n') {
                eachLine.accept(line.toString(StandardCharsets.UTF_8));
                line.reset();
            } else {
                line.write(next);
            }
        }
    }

    /** What came on stderr; to be asked when the command has ended. */
    String stderr() {
        return stderr.toString(StandardCharsets.UTF_8);
    }
}
