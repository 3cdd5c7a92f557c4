package io.tcplab.loadgen.connection.wire;

import org.jspecify.annotations.Nullable;

/**
 * The sockets whose input is expected shortly, in the order in which it was asked for: the oldest are looked at before each poll, and
 * what has come by then never needs epoll. One is added to epoll after all when the loop is about to wait, or when too many are
 * expected. Confined to one event loop.
 *
 * <p>Where the peer is near, it answers while the loop makes its next connect(2). A look that finds nothing is a recv(2) of 0.3 µs;
 * one that finds saves epoll_ctl(2), the call of epoll_wait(2) and the kernel's work to wake an epoll: 2 µs.
 */
final class ExpectedInput {

    /** A socket, as this sees it. */
    interface Reader {
        /** Reads; asks by {@link #add} for more. */
        void read();

        /** Whether the last read came before any input. */
        boolean foundNothing();

        /** Whether it is to be looked at: set and cleared here, cleared by the socket when it ends or is in epoll. */
        boolean isExpected();

        void expected(boolean isExpected);

        /** Has epoll tell from now on. */
        void awaitInput();
    }

    private static final int PLACES = 16;

    private final @Nullable Reader[] ring = new Reader[PLACES];
    private final Lookahead lookahead = new Lookahead();
    private int first;
    private int size;
    private boolean looking;
    private boolean missed;

    /** Takes a socket whose input is expected; in epoll from now on instead, if looks have found little of late. */
    void add(Reader reader) {
        if (looking && reader.foundNothing()) {
            missed = true;
        } else if (!reader.isExpected()) {
            if (!lookahead.worthLooking()) {
                reader.awaitInput();
                return;
            }
            if (size == PLACES) {
                addToEpoll(removeFirst());
            }
            reader.expected(true);
            ring[(first + size++) & (PLACES - 1)] = reader;
        }
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Looks at each once, the oldest first, until one has nothing yet; returns how many had. */
    int look() {
        int found = 0;
        for (int looks = size; looks > 0; looks--) {
            Reader reader = removeFirst();
            if (!reader.isExpected()) {
                continue;
            }
            reader.expected(false);
            looking = true;
            missed = false;
            reader.read();
            looking = false;
            if (missed) {
                reader.expected(true);
                first = (first - 1) & (PLACES - 1);
                ring[first] = reader;
                size++;
                return found;
            }
            lookahead.looked(true);
            found++;
        }
        return found;
    }

    /** Adds all to epoll, for the loop is about to wait. */
    void awaitAll() {
        while (size > 0) {
            addToEpoll(removeFirst());
        }
    }

    private void addToEpoll(Reader reader) {
        if (reader.isExpected()) {
            lookahead.looked(false);
            reader.awaitInput();
        }
    }

    /** One that has ended or is in epoll by now is no longer expected. */
    @SuppressWarnings("NullAway") // the places from first on are filled
    private Reader removeFirst() {
        Reader reader = ring[first];
        ring[first] = null;
        first = (first + 1) & (PLACES - 1);
        size--;
        return reader;
    }
}
