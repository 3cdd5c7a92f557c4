package io.tcplab.loadgen.learn;

import io.tcplab.kernel.Side;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A connection in progress: follows the sequence numbers of both sides, and takes what was sent again for what it is. */
final class Flow {

    private static final int SAMPLES = 8;
    private static final long COPY_NANOS = 1_000_000;

    /** What one segment may be ahead of those before it and still be of the same stream: no window is as large in practice. */
    private static final int MOST_GAP = 1 << 26;

    /** One direction. */
    private static final class Half {
        boolean begun;
        int next;
        boolean finished;
        // The last segment, to know a second copy of it.
        int lastSeq;
        int lastLength;
        int lastFlags;
        int lastIpId;
        long lastNanos = -1;
    }

    final Segment.Endpoint client;
    final Segment.Endpoint server;
    final boolean fromSyn;

    /** Whether it is the end of a connection of which nothing else was captured. */
    final boolean isRemnant;

    final int clientIsn;
    private final long openedNanos;
    private final CaptureCounts counts;
    private final Half fromClient = new Half();
    private final Half fromServer = new Half();

    private long lastNanos;
    private boolean answered;
    private boolean greeted;
    /** When the server's SYN passed; -1 = it was not seen. */
    private long synAckNanos = -1;
    /** From there to the client and back: the part of a pause that the network makes. */
    private long toClientNanos;

    private long roundTripNanos = -1;
    private boolean closed;

    private long exchanges;
    private final long[] request = new long[SAMPLES];
    private final long[] response = new long[SAMPLES];
    private final long[] think = new long[SAMPLES];
    private long requestBytes;
    private long responseBytes;
    private long thinkNanos;
    private long lastDataNanos;
    private boolean serversTurn;
    private long retransmits;

    private @Nullable Side closer;
    private Conversation.How how = Conversation.How.OPEN;
    private long idleNanos;

    Flow(Segment first, boolean clientSent, CaptureCounts counts) {
        this.client = clientSent ? first.from() : first.to();
        this.server = clientSent ? first.to() : first.from();
        this.fromSyn = first.isSyn() && !first.isAck();
        this.isRemnant = first.isRst() || (first.isFin() && first.payload() == 0);
        this.clientIsn = first.seq();
        this.openedNanos = first.nanos();
        this.lastNanos = openedNanos;
        this.lastDataNanos = openedNanos;
        this.counts = counts;
    }

    boolean isClosed() {
        return closed;
    }

    /** Whether the server's side ever answered the SYN by a SYN. */
    boolean isAnswered() {
        return answered || !fromSyn;
    }

    /** Takes a segment; returns whether the connection is over by it. */
    boolean take(Segment segment) {
        boolean byClient = segment.from().equals(client);
        Half half = byClient ? fromClient : fromServer;
        if (isCopy(half, segment)) {
            counts.duplicates++;
            return false;
        }
        lastNanos = Math.max(lastNanos, segment.nanos());
        answered |= !byClient && segment.isSyn();
        handshake(byClient, segment);
        if (segment.isRst()) {
            if (byClient && how == Conversation.How.HALF_CLOSE) {
                how = Conversation.How.FIN; // it would still read: it had closed, and this answers what came then
            }
            closedBy(byClient ? Side.CLIENT : Side.SERVER, Conversation.How.RST, segment.nanos());
            return end();
        }
        int fresh = fresh(half, segment);
        if (fresh > 0) {
            data(byClient, fresh, segment.nanos());
        }
        if (segment.isFin() && !half.finished) {
            half.finished = true;
            closedBy(byClient ? Side.CLIENT : Side.SERVER, Conversation.How.FIN, segment.nanos());
        }
        return fromClient.finished && fromServer.finished && end();
    }

    /** The client acknowledges the server's SYN at once, wherever between the two the capture was made. */
    private void handshake(boolean byClient, Segment segment) {
        if (!byClient && segment.isSyn()) {
            synAckNanos = segment.nanos();
        } else if (byClient && fromSyn && synAckNanos >= 0 && roundTripNanos < 0 && segment.isAck()) {
            toClientNanos = segment.nanos() - synAckNanos;
            roundTripNanos = segment.nanos() - openedNanos;
        }
    }

    private boolean end() {
        boolean first = !closed;
        closed = true;
        return first;
    }

    private static boolean isCopy(Half half, Segment segment) {
        boolean copy = half.lastNanos >= 0
                && segment.nanos() - half.lastNanos < COPY_NANOS
                && half.lastSeq == segment.seq()
                && half.lastLength == segment.length()
                && half.lastFlags == segment.flags()
                && segment.length() > 0
                && half.lastIpId == segment.ipId();
        half.lastNanos = segment.nanos();
        half.lastSeq = segment.seq();
        half.lastLength = segment.length();
        half.lastFlags = segment.flags();
        half.lastIpId = segment.ipId();
        return copy;
    }

    /**
     * The bytes up to its end that were not sent before (RFC 9293 §3.4: numbers are compared by the sign of their difference), with those
     * of segments that were not captured, or that come out of their order.
     */
    private int fresh(Half half, Segment segment) {
        int begin = segment.seq() + (segment.isSyn() ? 1 : 0);
        int end = begin + segment.payload();
        if (!half.begun) {
            half.begun = true;
            half.next = end + (segment.isFin() ? 1 : 0);
            return segment.payload();
        }
        int beyond = end - half.next;
        if (beyond <= 0) {
            boolean probe = segment.payload() <= 1 && !segment.isFin() && !segment.isSyn();
            if (segment.length() > 0 && !probe && !(segment.isFin() && end == half.next)) {
                retransmits++;
            }
            if (segment.isFin() && end == half.next) {
                half.next = end + 1;
            }
            return 0;
        }
        half.next = end + (segment.isFin() ? 1 : 0);
        return beyond <= MOST_GAP ? beyond : segment.payload();
    }

    private void data(boolean byClient, int bytes, long nanos) {
        if (byClient) {
            if (exchanges == 0 || !serversTurn) {
                next(nanos);
            }
            requestBytes += bytes;
        } else if (exchanges == 0) {
            greeted = fromSyn; // otherwise it answers what was sent before the capture
        } else {
            serversTurn = false;
            responseBytes += bytes;
            if (fromClient.finished && how == Conversation.How.FIN && closer == Side.CLIENT) {
                how = Conversation.How.HALF_CLOSE;
            }
        }
        lastDataNanos = nanos;
    }

    /** A request begins. */
    private void next(long nanos) {
        keep();
        thinkNanos = exchanges == 0 ? -1 : Math.max(0, nanos - lastDataNanos - toClientNanos);
        exchanges++;
        requestBytes = 0;
        responseBytes = 0;
        serversTurn = true;
    }

    private void keep() {
        if (exchanges > 0 && exchanges <= SAMPLES) {
            int at = (int) exchanges - 1;
            request[at] = requestBytes;
            response[at] = responseBytes;
            think[at] = thinkNanos;
        }
    }

    private void closedBy(Side side, Conversation.How style, long nanos) {
        if (closer == null) {
            closer = side;
            how = style;
            idleNanos = Math.max(0, nanos - lastDataNanos);
        }
    }

    /** What it came to. */
    Conversation conversation() {
        keep();
        int kept = (int) Math.min(exchanges, SAMPLES);
        return new Conversation(
                server,
                openedNanos,
                lastNanos,
                fromSyn,
                fromSyn && closed,
                exchanges,
                Arrays.copyOf(request, kept),
                Arrays.copyOf(response, kept),
                kept < 2 ? new long[0] : Arrays.copyOfRange(think, 1, kept),
                closer,
                how,
                idleNanos,
                greeted,
                retransmits,
                roundTripNanos);
    }
}
