package io.tcplab.kernel.namespace;

import java.io.IOException;
import java.util.List;

/**
 * Segments that one end of the cable drops, by rules of nft(8) in that end's namespace, from {@link #begin} until it is closed. The rules
 * go with the namespace.
 */
public final class DroppedSegments implements AutoCloseable {
    /** Which way a segment goes, seen from the namespace. */
    public enum Direction {
        ARRIVING("input"),
        LEAVING("output");

        private final String hook;

        Direction(String hook) {
            this.hook = hook;
        }
    }

    /** Every TCP segment. */
    public static final String EVERY_SEGMENT = "meta l4proto tcp";

    /** Segments with the ACK flag and no other: neither those that open nor those that carry data or close. */
    public static final String PURE_ACKS = "tcp flags & (fin|syn|rst|psh|ack) == ack";

    private static final String FAMILY = "inet";

    private final NetworkNamespace namespace;
    private final String table;

    private DroppedSegments(NetworkNamespace namespace, String table) {
        this.namespace = namespace;
        this.table = table;
    }

    /**
     * Drops what matches from now on.
     *
     * @param namespace the end of the cable that drops
     * @param name of the rules' table, unique in the namespace
     * @param matches each an nft match, such as {@link #PURE_ACKS}
     * @throws IOException with what nft printed
     */
    public static DroppedSegments begin(
            NetworkNamespace namespace, String name, List<Direction> directions, List<String> matches)
            throws IOException {
        DroppedSegments dropped = new DroppedSegments(namespace, "table " + FAMILY + " " + name);
        dropped.nft(dropped.table + rules(directions, matches));
        return dropped;
    }

    static String rules(List<Direction> directions, List<String> matches) {
        StringBuilder rules = new StringBuilder(" {\n");
        for (Direction direction : directions) {
            rules.append("chain ").append(direction.hook).append(" {\ntype filter hook ");
            rules.append(direction.hook).append(" priority 0;\n");
            matches.forEach(match -> rules.append(match).append(" counter drop\n"));
            rules.append("}\n");
        }
        return rules.append("}\n").toString();
    }

    /** Lets segments pass again. Throws IOException with what nft printed. */
    @Override
    public void close() throws IOException {
        nft("delete " + table + "\n");
    }

    private void nft(String rules) throws IOException {
        Programs.run(namespace, rules, "nft", "-f", "-");
    }
}
