package io.tcplab.loadgen.lab;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.cable.CableReading;
import io.tcplab.kernel.cable.CableSettings;
import io.tcplab.kernel.cable.PathSettings;
import io.tcplab.kernel.cable.Segment;
import io.tcplab.kernel.namespace.NamespacePair;
import io.tcplab.kernel.syscall.Errno;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where an experiment is played: a client and a server host, fresh, joined by a cable. One thread plays; what was opened is closed with
 * the stage.
 */
public final class Stage extends Testimony implements AutoCloseable {
    private final @Nullable NamespacePair pair;
    private final @Nullable Wire wire;
    private final Host client;
    private final Host server;
    private final @Nullable Capture capture;
    private io.tcplab.kernel.cable.@Nullable Capture file;

    private Stage(@Nullable NamespacePair pair, boolean cable) throws Exception {
        this.pair = pair;
        if (pair == null) {
            InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            this.wire = null;
            this.client = new Host(Side.CLIENT, null, loopback, journal, null);
            this.server = new Host(Side.SERVER, null, loopback, journal, null);
            this.capture = null;
            return;
        }
        int number = Forge.number(pair.clientAddress());
        if (cable) {
            Wire laid = Wire.between(pair, journal);
            Capture packets = Capture.ofCable(journal, number);
            laid.capture(packets);
            this.wire = laid;
            this.capture = packets;
        } else {
            this.wire = null;
            this.capture = pair.server().call(() -> Capture.begin(journal, number));
        }
        this.client = new Host(Side.CLIENT, pair.client(), pair.clientAddress(), journal, wire);
        this.server = new Host(Side.SERVER, pair.server(), pair.serverAddress(), journal, wire);
    }

    /** A stage in two fresh namespaces. */
    static Stage inNamespaces() throws Exception {
        NamespacePair pair = NamespacePair.create();
        try {
            return new Stage(pair, false);
        } catch (Exception e) {
            pair.close();
            throw e;
        }
    }

    /** A stage in two fresh namespaces with a cable of ours between them, which does nothing yet. */
    static Stage overCable() throws Exception {
        NamespacePair pair = NamespacePair.createApart();
        try {
            return new Stage(pair, true);
        } catch (Exception e) {
            pair.close();
            throw e;
        }
    }

    /** A stage on loopback, where settings and counters are the machine's. */
    static Stage onLoopback() throws Exception {
        return new Stage(null, false);
    }

    /** The side that connects. */
    public Host client() {
        return client;
    }

    /** The side that listens. */
    public Host server() {
        return server;
    }

    /** The two namespaces; throws ExpectationFailed on loopback. */
    public NamespacePair pair() {
        NamespacePair here = pair;
        if (here == null) {
            throw new ExpectationFailed("this experiment uses namespaces without declaring it");
        }
        return here;
    }

    /** Has the cable do this from now on; what is lost by its number counts from here. */
    public void network(String words, CableSettings settings) {
        laid(wire).network(words, settings);
    }

    /** What the cable has counted so far. */
    public CableReading wire() {
        return laid(wire).read();
    }

    /** The cable of a stage that has one. */
    static Wire laid(@Nullable Wire wire) {
        if (wire == null) {
            throw new ExpectationFailed("this experiment uses a cable without declaring it");
        }
        return wire;
    }

    /** Whether counters are the experiment's own. */
    public boolean isolated() {
        return pair != null;
    }

    /** An established connection with both of its ends. */
    public record Connection(Listener listener, Sock client, Sock server) {}

    /** A listener, a connection to it, accepted. */
    public Connection connected() throws Exception {
        Listener listener = server.listen(16);
        return connected(listener);
    }

    /** Sends single bytes to and fro, so that the kernel knows how short the way is and sets its timers by that. */
    public void settle(Connection connection) {
        for (int i = 0; i < 12; i++) {
            expect(connection.client().send(1) == Errno.OK, "a byte is sent");
            expect(connection.server().read().ok(), "a byte arrives");
            expect(connection.server().send(1) == Errno.OK, "a byte is sent back");
            expect(connection.client().read().ok(), "a byte comes back");
        }
    }

    /** One more connection to a listener, accepted. */
    public Connection connected(Listener listener) throws Exception {
        Sock one = client.connect(listener);
        Sock other = listener.accept();
        expect(one, TcpState.ESTABLISHED);
        expect(other, TcpState.ESTABLISHED);
        return new Connection(listener, one, other);
    }

    /** From now on each segment is this long under way, so that what both sides send at the same time crosses. */
    public void farApart(int millis) {
        PathSettings way = new PathSettings(millis * 1_000_000L, 0, 0, 1, 0, 0, 0, 0);
        network(millis + " ms each way", new CableSettings(way, way, List.of()));
    }

    /**
     * The segments so far: on a cable of ours as they were sent, those that it lost included; else at the server's end. On loopback there
     * are none.
     */
    public List<Segment> segments(Predicate<Segment> wanted) {
        Capture here = capture;
        return here == null ? List.of() : here.matching(wanted);
    }

    /** Whether the client sent it. */
    public boolean fromClient(Segment segment) {
        return Objects.requireNonNull(capture, "no segments on loopback").fromClient(segment);
    }

    /** Waits until this many segments match, and answers them. */
    public List<Segment> awaitSegments(String what, int count, Predicate<Segment> wanted) throws Exception {
        if (!comes(() -> segments(wanted).size() >= count, PATIENCE_MILLIS)) {
            throw new ExpectationFailed(what + ": " + segments(wanted).size() + " segments seen, expected " + count);
        }
        return segments(wanted);
    }

    /** Writes what goes between the two hosts to this file, from now until the stage is closed; it is complete then. */
    void packetsTo(Path path) throws IOException {
        Capture here = capture;
        if (here == null) {
            throw new IOException("there are no packets to write on loopback: the experiment needs namespaces");
        }
        io.tcplab.kernel.cable.Capture packets = new io.tcplab.kernel.cable.Capture(path, 0);
        file = packets;
        here.into(packets);
    }

    private void endPackets() {
        io.tcplab.kernel.cable.Capture packets = file;
        if (packets == null) {
            return;
        }
        try (packets) {
            if (wire != null) {
                // The file ends where the cable's counts were read last.
                CableReading _ = wire.read();
                wire.capture(null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was seen so far. */
    Evidence evidence() {
        Map<String, Long> counters = new LinkedHashMap<>();
        for (Host host : List.of(client, server)) {
            try {
                host.moved().forEach((name, value) -> counters.put(host.name() + "." + name, value));
            } catch (Exception e) {
                journal.step("no counters of " + host.name() + ": " + e.getMessage());
            }
            if (!isolated()) {
                break;
            }
        }
        Capture here = capture;
        return journal.evidence(counters, here == null ? List.of() : here.diagram());
    }

    @Override
    public void close() {
        Capture here = capture;
        if (here != null) {
            here.close();
        }
        endPackets();
        client.close();
        server.close();
        if (wire != null) {
            wire.close();
        }
        NamespacePair both = pair;
        if (both != null) {
            both.close();
        }
    }
}
