package io.tcplab.loadgen.learn;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All connections of a capture, by their two ends. Memory is bounded: of more than {@value #MOST_OPEN} at a time the one that was silent
 * for longest is taken as it is, and of more than {@value #MOST_KEPT} conversations the later ones are only counted.
 */
final class Flows implements Consumer<Segment> {

    static final int MOST_KEPT = 200_000;
    private static final int MOST_OPEN = 100_000;

    /** The two ends, the smaller one first. */
    private record Ends(Segment.Endpoint one, Segment.Endpoint other) {
        static Ends of(Segment segment) {
            return segment.from().compareTo(segment.to()) <= 0
                    ? new Ends(segment.from(), segment.to())
                    : new Ends(segment.to(), segment.from());
        }
    }

    private final CaptureCounts counts;
    private final LinkedHashMap<Ends, Flow> open = new LinkedHashMap<>(16, 0.75f, true);
    private final Set<Segment.Endpoint> servers = new HashSet<>();
    private final List<Conversation> conversations = new ArrayList<>();
    private final @Nullable Integer port;
    private long notKept;
    private long refused;
    private long unanswered;

    /** Of all servers, or of those at a port. */
    Flows(@Nullable Integer port, CaptureCounts counts) {
        this.port = port;
        this.counts = counts;
    }

    @Override
    public void accept(Segment segment) {
        if (port != null && segment.from().port() != port && segment.to().port() != port) {
            return;
        }
        Ends ends = Ends.of(segment);
        Flow flow = open.get(ends);
        boolean opens = segment.isSyn() && !segment.isAck();
        if (flow != null && opens && (!flow.fromSyn || flow.clientIsn != segment.seq())) {
            done(flow); // the same ports again
            flow = null;
        }
        if (flow == null) {
            flow = new Flow(segment, byClient(segment), counts);
            if (!flow.isRemnant) {
                servers.add(flow.server);
            }
            open.put(ends, flow);
            evict();
        }
        boolean _ = flow.take(segment);
    }

    /** A SYN comes from the client; of a connection that was open already, a known server, or else the lower port, is the server's. */
    private boolean byClient(Segment segment) {
        if (segment.isSyn()) {
            return !segment.isAck();
        }
        if (port != null && segment.from().port() != segment.to().port()) {
            return segment.to().port() == port;
        }
        if (servers.contains(segment.to()) != servers.contains(segment.from())) {
            return servers.contains(segment.to());
        }
        return segment.to().port() < segment.from().port();
    }

    private void evict() {
        if (open.size() > MOST_OPEN) {
            Map.Entry<Ends, Flow> eldest = open.pollFirstEntry();
            done(eldest.getValue());
        }
    }

    private void done(Flow flow) {
        if (flow.isRemnant) {
            return;
        }
        if (!flow.isAnswered()) {
            if (flow.isClosed()) {
                refused++;
            } else {
                unanswered++;
            }
        } else if (conversations.size() < MOST_KEPT) {
            conversations.add(flow.conversation());
        } else {
            notKept++;
        }
    }

    /** The capture is over. */
    Traffic finish() {
        open.values().forEach(this::done);
        open.clear();
        return Traffic.of(conversations, notKept, refused, unanswered, counts);
    }
}
