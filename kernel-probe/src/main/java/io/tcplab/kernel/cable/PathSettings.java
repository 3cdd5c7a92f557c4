package io.tcplab.kernel.cable;

/**
 * What one direction of the cable does to each packet.
 *
 * @param delayNanos how long it is under way
 * @param jitterNanos by how much that varies at most, up and down, uniformly; the order of packets is kept
 * @param loss the share that is lost, from 0 to 1
 * @param meanBurst how many packets in a row a loss takes on average; 1 = each is drawn by itself
 * @param reorder the share that is held back, by half the delay and 1 ms at least, so that later ones overtake it
 * @param duplicate the share that arrives twice
 * @param bitsPerSecond how much leaves at most, Ethernet header included; 0 = no limit
 * @param queueNanos how long a packet may wait for its turn before the rate; it is dropped if it would have to wait longer
 */
public record PathSettings(
        long delayNanos,
        long jitterNanos,
        double loss,
        double meanBurst,
        double reorder,
        double duplicate,
        long bitsPerSecond,
        long queueNanos) {

    /** A direction that does nothing. */
    public static final PathSettings NOTHING = new PathSettings(0, 0, 0, 1, 0, 0, 0, 0);

    /** The same with another share lost. */
    public PathSettings withLoss(double share) {
        return new PathSettings(
                delayNanos, jitterNanos, share, meanBurst, reorder, duplicate, bitsPerSecond, queueNanos);
    }
}
