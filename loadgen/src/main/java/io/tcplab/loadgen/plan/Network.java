package io.tcplab.loadgen.plan;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.cable.CableSettings;
import io.tcplab.kernel.cable.NamedLoss;
import io.tcplab.kernel.cable.PathSettings;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the network between client and server is like, as it was asked for; a part that is absent was not asked for. Only with isolation
 * in namespaces, whose cable plays it.
 *
 * @param rttNanos the round trip; each way takes half of it
 * @param both what either direction does
 * @param lose segments that are lost by name
 * @param mtu of both sides' devices
 * @param client what happens to what the client sends, in place of {@code both} and of half the round trip
 * @param server likewise of what the server sends
 */
public record Network(
        @Nullable Long rttNanos,
        Way both,
        @Nullable List<NamedLoss> lose,
        @Nullable Integer mtu,
        @Nullable Way client,
        @Nullable Way server) {

    /** Ethernet's. */
    public static final int USUAL_MTU = 1_500;

    /** How long a packet waits at most before a rate where no queue was asked for. */
    public static final long USUAL_QUEUE_NANOS = 50_000_000;

    /** Of a share that was written in decimals. */
    private static final double ROUNDING = 1e-9;

    /** A cable that does nothing, but counts. */
    public static final Network PLAIN = new Network(null, Way.NOTHING, null, null, null, null);

    /**
     * One direction, or both.
     *
     * @param delayNanos one way; absent in {@code both}, which has the round trip
     * @param jitterNanos by how much it varies at most, up and down; in {@code both} the round trip does
     * @param loss share of packets
     * @param lossBurst mean number of packets lost in a row
     * @param reorder share of packets
     * @param duplicate share of packets
     * @param bitsPerSecond at most
     * @param queueNanos how long a packet waits before the rate at most
     */
    public record Way(
            @Nullable Long delayNanos,
            @Nullable Long jitterNanos,
            @Nullable Double loss,
            @Nullable Double lossBurst,
            @Nullable Double reorder,
            @Nullable Double duplicate,
            @Nullable Long bitsPerSecond,
            @Nullable Long queueNanos) {

        /** Nothing was asked for. */
        public static final Way NOTHING = new Way(null, null, null, null, null, null, null, null);

        /** This, and of the other what this does not say. */
        Way over(Way other) {
            return new Way(
                    either(delayNanos, other.delayNanos),
                    either(jitterNanos, other.jitterNanos),
                    either(loss, other.loss),
                    either(lossBurst, other.lossBurst),
                    either(reorder, other.reorder),
                    either(duplicate, other.duplicate),
                    either(bitsPerSecond, other.bitsPerSecond),
                    either(queueNanos, other.queueNanos));
        }

        /** This without what {@code other} says. */
        Way without(Way other) {
            return new Way(
                    unless(other.delayNanos, delayNanos),
                    unless(other.jitterNanos, jitterNanos),
                    unless(other.loss, loss),
                    unless(other.lossBurst, lossBurst),
                    unless(other.reorder, reorder),
                    unless(other.duplicate, duplicate),
                    unless(other.bitsPerSecond, bitsPerSecond),
                    unless(other.queueNanos, queueNanos));
        }

        private static <T> @Nullable T unless(@Nullable Object said, @Nullable T value) {
            return said == null ? value : null;
        }

        private PathSettings settings() {
            return new PathSettings(
                    orElse(delayNanos, 0L),
                    orElse(jitterNanos, 0L),
                    orElse(loss, 0.0),
                    orElse(lossBurst, 1.0),
                    orElse(reorder, 0.0),
                    orElse(duplicate, 0.0),
                    orElse(bitsPerSecond, 0L),
                    orElse(queueNanos, USUAL_QUEUE_NANOS));
        }
    }

    /** This, and of the other what this does not say; what this says of both directions holds in each. */
    public Network over(Network other) {
        return new Network(
                either(rttNanos, other.rttNanos),
                both.over(other.both),
                either(lose, other.lose),
                either(mtu, other.mtu),
                over(client, besides(other.client)),
                over(server, besides(other.server)));
    }

    private @Nullable Way besides(@Nullable Way own) {
        return own == null ? null : own.without(withDelay(both, rttNanos));
    }

    private static Way withDelay(Way way, @Nullable Long nanos) {
        return new Way(nanos, null, null, null, null, null, null, null).over(way);
    }

    private static @Nullable Way over(@Nullable Way first, @Nullable Way second) {
        return first == null ? second : second == null ? first : first.over(second);
    }

    /** As it is written in a profile. */
    public Map<String, Object> written() {
        return NetworkKeys.FORM.write(this);
    }

    /** What a cable has to do. */
    public CableSettings settings() {
        return new CableSettings(from(Side.CLIENT), from(Side.SERVER), orElse(lose, List.<NamedLoss>of()));
    }

    private PathSettings from(Side side) {
        Way own = side == Side.CLIENT ? client : server;
        Long jitter = both.jitterNanos;
        Way halved = new Way(
                        rttNanos == null ? null : half(rttNanos, side),
                        jitter == null ? null : half(jitter, side),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null)
                .over(both);
        return (own == null ? halved : own.over(halved)).settings();
    }

    private static long half(long whole, Side side) {
        return side == Side.CLIENT ? whole / 2 : whole - whole / 2;
    }

    /** The MTU of both sides. */
    public int deviceMtu() {
        return orElse(mtu, USUAL_MTU);
    }

    /** The round trip that is asked for, without what jitter adds. */
    public long roundTripNanos() {
        return from(Side.CLIENT).delayNanos() + from(Side.SERVER).delayNanos();
    }

    /** Whether a segment may be lost, late in its order, or come twice. */
    public boolean harmsSegments() {
        return settings().lose().size() > 0 || harms(from(Side.CLIENT)) || harms(from(Side.SERVER));
    }

    /** Why the losses of a direction cannot come in bursts as long as is asked for; null = they can. */
    @Nullable
    String impossibleBursts() {
        String client = impossibleBursts(from(Side.CLIENT));
        return client == null ? impossibleBursts(from(Side.SERVER)) : client;
    }

    /** In Gilbert's model at least one packet arrives after each burst: then the bad state has its largest share. */
    private static @Nullable String impossibleBursts(PathSettings path) {
        double burst = path.meanBurst();
        double needed = path.loss() / (1 - path.loss());
        if (burst <= 1 || path.loss() >= 1 || needed <= burst * (1 + ROUNDING)) {
            return null;
        }
        return String.format(
                Locale.ROOT,
                "a loss of %s cannot come in bursts of %s packets on average: a packet arrives after each burst, so at most %.1f%% can"
                        + " be lost; set lossBurst to %s or more, or leave it out",
                new ShareShape().write(path.loss()),
                Measure.formatNumber(burst),
                Math.floor(1_000 * burst / (burst + 1)) / 10,
                Measure.formatNumber(Math.ceil(10 * needed * (1 - ROUNDING)) / 10));
    }

    private static boolean harms(PathSettings path) {
        return path.loss() > 0 || path.reorder() > 0 || path.duplicate() > 0 || path.bitsPerSecond() > 0;
    }

    private static <T> @Nullable T either(@Nullable T first, @Nullable T second) {
        return first == null ? second : first;
    }

    private static <T> T orElse(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }
}
