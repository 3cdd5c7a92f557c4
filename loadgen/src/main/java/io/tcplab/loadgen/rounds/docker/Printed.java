package io.tcplab.loadgen.rounds.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a container has printed on both streams, as far as the engine was asked for it. Filled by the engine's one thread. */
final class Printed extends ResultCallback.Adapter<Frame> {

    private final ByteArrayOutputStream all = new ByteArrayOutputStream();

    @Override
    public void onNext(Frame frame) {
        all.writeBytes(frame.getPayload());
    }

    /** Its lines; to be asked when it is complete. */
    List<String> lines() {
        return all.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
