package io.tcplab.kernel.cable;

import io.tcplab.kernel.Side;
import java.util.Arrays;

/**
 * What the cable knows of each connection: how far each side has sent, who has closed, and how many segments of a kind that is lost by
 * name there were. Found by the client's address and both ports; a new SYN begins anew. One thread's.
 */
final class Flows {

    /** Beyond it all are forgotten: retransmissions of connections that live on then look new once. */
    private static final int MOST = 4 << 20;

    private static final int SEEN = 1;
    private static final int FIN = 4;

    private int mask = (1 << 14) - 1;
    private long[] keys = new long[mask + 1];
    private byte[] flags = new byte[mask + 1];
    private int[][] sent = new int[2][mask + 1];
    private int[][] finEnd = new int[2][mask + 1];
    private int[] initial = new int[mask + 1];
    private short[][] named = new short[0][0];
    private int size;
    private int current;

    /** From now on counts this many kinds that are lost by name in each connection. */
    void countNamedInEach(int kinds) {
        int before = named.length;
        named = Arrays.copyOf(named, kinds);
        for (int i = before; i < kinds; i++) {
            named[i] = new short[mask + 1];
        }
    }

    /** Turns to the connection of this segment, which {@code from} sent; returns whether it repeats what was sent before. */
    boolean turnTo(Side from, Frame frame) {
        long client = from == Side.CLIENT ? frame.source() : frame.destination();
        long server = from == Side.CLIENT ? frame.destination() : frame.source();
        // 48 bits are the client's address and port; the server has one address here, so that its port is enough.
        current = find((client << 16) | (server & 0xffff));
        int side = from.ordinal();
        if (frame.kind() == SegmentKind.SYN) {
            if ((flags[current] & SEEN << side) != 0 && initial[current] == frame.sequence()) {
                return true;
            }
            begin(frame.sequence());
        }
        int end = frame.sequenceEnd();
        boolean takesRoom = end != frame.sequence();
        boolean repeats = takesRoom && (flags[current] & SEEN << side) != 0 && end - sent[side][current] <= 0;
        if (takesRoom && !repeats) {
            sent[side][current] = end;
            flags[current] |= (byte) (SEEN << side);
        }
        if (frame.kind() == SegmentKind.FIN) {
            finEnd[side][current] = end;
            flags[current] |= (byte) (FIN << side);
        }
        return repeats;
    }

    private void begin(int sequence) {
        flags[current] = 0;
        initial[current] = sequence;
        for (short[] each : named) {
            each[current] = 0;
        }
    }

    /** Whether the pure ACK at hand, which {@code from} sent, acknowledges the second of two FINs. */
    boolean isLastAck(Side from, Frame frame) {
        int peer = 1 - from.ordinal();
        int both = FIN | FIN << 1;
        return (flags[current] & both) == both && frame.acknowledged() == finEnd[peer][current];
    }

    /** Counts one more of this kind in this connection, and returns how many there were. */
    int countNamed(int kind) {
        return ++named[kind][current] & 0xffff;
    }

    private int find(long key) {
        // Zero marks an empty place; no endpoint is 0.
        int at = hash(key);
        while (keys[at] != 0 && keys[at] != key) {
            at = at + 1 & mask;
        }
        if (keys[at] == 0) {
            if (size >= MOST) {
                forget();
                return find(key);
            }
            if (size * 2 > mask) {
                grow();
                return find(key);
            }
            keys[at] = key;
            flags[at] = 0;
            size++;
        }
        return at;
    }

    private int hash(long key) {
        return (int) ((key * 0x9E37_79B9_7F4A_7C15L) >>> 32) & mask;
    }

    private void forget() {
        Arrays.fill(keys, 0);
        size = 0;
    }

    private void grow() {
        long[] oldKeys = keys;
        byte[] oldFlags = flags;
        int[][] oldSent = sent;
        int[][] oldFin = finEnd;
        int[] oldInitial = initial;
        short[][] oldNamed = named;
        int length = oldKeys.length * 2;
        mask = length - 1;
        keys = new long[length];
        flags = new byte[length];
        sent = new int[2][length];
        finEnd = new int[2][length];
        initial = new int[length];
        named = new short[oldNamed.length][length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int at = hash(oldKeys[i]);
                while (keys[at] != 0) {
                    at = at + 1 & mask;
                }
                keys[at] = oldKeys[i];
                flags[at] = oldFlags[i];
                initial[at] = oldInitial[i];
                for (int side = 0; side < 2; side++) {
                    sent[side][at] = oldSent[side][i];
                    finEnd[side][at] = oldFin[side][i];
                }
                for (int kind = 0; kind < named.length; kind++) {
                    named[kind][at] = oldNamed[kind][i];
                }
            }
        }
    }
}
