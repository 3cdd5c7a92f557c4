package io.tcplab.loadgen.plan;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.cable.Cable;
import io.tcplab.kernel.cable.CableSettings;
import io.tcplab.kernel.cable.NamedLoss;
import io.tcplab.kernel.cable.SegmentKind;
import io.tcplab.loadgen.plan.Network.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The keys of {@code network}. */
final class NetworkKeys {

    private static final long LONGEST_DELAY_NANOS = 60 * Measure.NANOS_PER_SECOND;
    private static final long MOST_NTH = 1_000_000_000;

    private enum Counted {
        RUN,
        CONNECTION
    }

    private static final Key<NamedLoss, Side> SIDE = Key.optional(
            "side", Shapes.word(Side.class), NamedLoss::side, "who sends it: client or server (default: either)");
    private static final Key<NamedLoss, SegmentKind> SEGMENT = Key.required(
            "segment",
            Shapes.capitals(SegmentKind.class),
            NamedLoss::kind,
            "what it is: SYN, SYN_ACK, ACK (without data), FIN, RST, DATA, or LAST_ACK, which acknowledges the second FIN of a close");
    private static final Key<NamedLoss, Long> NTH = Key.optional(
            "nth",
            Shapes.count(1L, MOST_NTH),
            loss -> loss.nth() == 0 ? null : loss.nth(),
            "which of them, counted since the load began (default: each)");
    private static final Key<NamedLoss, Counted> PER = Key.optional(
            "per",
            Shapes.word(Counted.class),
            loss -> loss.perConnection() ? Counted.CONNECTION : null,
            "what nth counts in: run (the default) = one count for all connections; connection = one for each connection");

    private static final Form<NamedLoss> NAMED = new Form<>(List.of(SIDE, SEGMENT, NTH, PER), NetworkKeys::namedLoss);

    private static final Key<Way, Long> DELAY = Key.optional(
            "delay", Shapes.nanos(0, LONGEST_DELAY_NANOS), Way::delayNanos, "one way, in place of half the round trip");
    private static final Form<Way> WAY = new Form<>(wayKeys(), NetworkKeys::way);

    private static final Key<Network, Long> RTT = Key.optional(
            "rtt",
            Shapes.nanos(0, LONGEST_DELAY_NANOS),
            Network::rttNanos,
            "round trip that the cable adds, half of it each way");
    private static final Key<Network, List<NamedLoss>> LOSE = Key.optional(
            "lose",
            new ListOf<>(NAMED, 0, CableSettings.MOST_NAMED),
            Network::lose,
            "segments that are lost by name, such as {side: client, segment: SYN, nth: 1}");
    private static final Key<Network, Integer> MTU = Key.optional(
            "mtu",
            Shapes.bytes(Cable.LEAST_MTU, Cable.MOST_MTU),
            Network::mtu,
            "MTU of both sides' devices (default: 1500B)");
    private static final Key<Network, Way> CLIENT =
            Key.optional("client", WAY, Network::client, "other values for what the client sends");
    private static final Key<Network, Way> SERVER =
            Key.optional("server", WAY, Network::server, "other values for what the server sends");

    static final Form<Network> FORM = new Form<>(networkKeys(), NetworkKeys::network);

    private NetworkKeys() {}

    /** As it would be written: {@code loss: 100%, rtt: 20ms}. */
    static String words(Network network) {
        return FORM.write(network).entrySet().stream()
                .map(each -> each.getKey() + ": " + each.getValue())
                .collect(Collectors.joining(", "));
    }

    /** The keys that stand for both directions, and for one. */
    private static <R> List<Key<R, ?>> shared(Function<R, @Nullable Way> way) {
        return List.of(
                wayKey(
                        "jitter",
                        Shapes.nanos(0, LONGEST_DELAY_NANOS),
                        way,
                        Way::jitterNanos,
                        "largest deviation of the time, up and down, uniformly distributed; packets keep their order"),
                wayKey("loss", new ShareShape(), way, Way::loss, "share of packets lost, in each direction"),
                wayKey(
                        "lossBurst",
                        new Burst(),
                        way,
                        Way::lossBurst,
                        "average number of packets lost in a row (default: 1; Gilbert's model); above 1, loss is at most"
                                + " lossBurst / (lossBurst + 1), or 100%"),
                wayKey(
                        "reorder",
                        new ShareShape(),
                        way,
                        Way::reorder,
                        "share of packets held back, by half the delay and at least 1 ms, so that later ones overtake them"),
                wayKey("duplicate", new ShareShape(), way, Way::duplicate, "share of packets that arrive twice"),
                wayKey(
                        "rate",
                        new BitRateShape(),
                        way,
                        Way::bitsPerSecond,
                        "bandwidth in each direction, Ethernet headers included"),
                wayKey(
                        "queue",
                        Shapes.nanos(0, LONGEST_DELAY_NANOS),
                        way,
                        Way::queueNanos,
                        "how long a packet may wait before the rate (default: 50ms); one that would wait longer is dropped"));
    }

    private static <R, T> Key<R, T> wayKey(
            String name,
            Shape<T> shape,
            Function<R, @Nullable Way> way,
            Function<Way, @Nullable T> part,
            String sentence) {
        return Key.optional(
                name,
                shape,
                whole -> {
                    Way of = way.apply(whole);
                    return of == null ? null : part.apply(of);
                },
                sentence);
    }

    private static List<Key<Way, ?>> wayKeys() {
        List<Key<Way, ?>> keys = new ArrayList<>(List.of(DELAY));
        keys.addAll(shared(way -> way));
        return keys;
    }

    private static List<Key<Network, ?>> networkKeys() {
        List<Key<Network, ?>> keys = new ArrayList<>(List.of(RTT));
        keys.addAll(shared(Network::both));
        keys.addAll(List.of(LOSE, MTU, CLIENT, SERVER));
        return keys;
    }

    private static Network network(Given given) {
        Network network = new Network(
                given.find(RTT),
                way(given, null),
                given.find(LOSE),
                given.find(MTU),
                given.find(CLIENT),
                given.find(SERVER));
        String impossible = network.impossibleBursts();
        if (impossible != null) {
            throw given.whole().meaning(impossible);
        }
        return network;
    }

    private static Way way(Given given) {
        return way(given, given.find(DELAY));
    }

    private static Way way(Given given, @Nullable Long delayNanos) {
        ShareShape share = new ShareShape();
        Shape<Long> nanos = Shapes.nanos(0, LONGEST_DELAY_NANOS);
        return new Way(
                delayNanos,
                read(given, "jitter", nanos),
                read(given, "loss", share),
                read(given, "lossBurst", new Burst()),
                read(given, "reorder", share),
                read(given, "duplicate", share),
                read(given, "rate", new BitRateShape()),
                read(given, "queue", nanos));
    }

    private static <T> @Nullable T read(Given given, String key, Shape<T> shape) {
        Value value = given.place(key);
        return value == null ? null : shape.read(value);
    }

    private static NamedLoss namedLoss(Given given) {
        Long nth = given.find(NTH);
        boolean perConnection = given.find(PER) == Counted.CONNECTION;
        if (perConnection && nth == null) {
            throw given.near(PER).meaning("counts nothing without nth");
        }
        return new NamedLoss(given.find(SIDE), given.of(SEGMENT), nth == null ? 0 : nth, perConnection);
    }

    private record Burst() implements Shape<Double> {
        @Override
        public Double read(Value value) {
            double packets = Shapes.WEIGHT.read(value);
            if (packets < 1) {
                throw value.meaning("must be 1 or more: a loss takes one packet at least");
            }
            return packets;
        }

        @Override
        public Object write(Double packets) {
            return Shapes.WEIGHT.write(packets);
        }

        @Override
        public Map<String, Object> schema() {
            Map<String, Object> schema = Shapes.WEIGHT.schema();
            schema.remove("exclusiveMinimum");
            schema.put("minimum", 1);
            return schema;
        }

        @Override
        public String allowed() {
            return "a number of 1 or more, such as 3";
        }
    }
}
