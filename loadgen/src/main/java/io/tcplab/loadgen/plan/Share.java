package io.tcplab.loadgen.plan;

/**
 * The part of a load that one of several generators has. Of all arrivals, connections and slots, counted from 0, generator {@code number}
 * has every {@code of}-th from its own number on: the parts together are the load exactly, also where it cannot be divided evenly, and
 * every random choice is the one that a single generator would make.
 *
 * @param number from 0
 * @param of how many generators there are
 */
public record Share(int number, int of) {

    /** All of it. */
    public static final Share WHOLE = new Share(0, 1);

    public Share {
        if (number < 0 || number >= of) {
            throw new IllegalArgumentException("share " + number + " of " + of);
        }
    }

    /** Event loop {@code loop}, from 0, of this generator among the event loops of all generators, which have equally many. */
    public int loop(int loop) {
        return loop * of + number;
    }

    /** What this generator is to do, as a profile: rates, connections and slots are its part, the seed stays that of the whole. */
    public Profile part(Profile whole) {
        return of == 1 ? whole : whole.part(this);
    }
}
