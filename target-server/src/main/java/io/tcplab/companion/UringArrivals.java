package io.tcplab.companion;

import io.netty.channel.epoll.LinuxSocket;
import io.tcplab.kernel.syscall.RingTag;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket in an io_uring: one operation accepts all connections as they come, or one poll says when there is one: where each
 * has to wait in the accept queue for its time, and after a refusal, which accept(2) without a free descriptor gives to nobody, too.
 */
final class UringArrivals implements LoopIo.Arrivals {

    private static final int POLLIN = 1;

    private final UringLoop loop;
    private final LinuxSocket listener;
    private @Nullable Acceptor acceptor;
    private boolean freely;
    private boolean awaited;
    private boolean inProgress;

    /** The operation in progress, or the last one, accepts. */
    private boolean accepts;

    private boolean refused;

    /** What an operation that was cancelled still says does not concern the next one. */
    private long generation;

    /** Descriptors that were accepted, or what accept(2) was refused with; told later, the oldest first. */
    private int[] news = new int[256];

    private int first;
    private int count;
    private boolean acceptable;

    UringArrivals(UringLoop loop, LinuxSocket listener) {
        this.loop = loop;
        this.listener = listener;
    }

    @Override
    public void await(Acceptor to, boolean atOnce) {
        if (!awaited) {
            acceptor = to;
            freely = atOnce;
            awaited = true;
            begin();
        }
    }

    private void begin() {
        inProgress = true;
        accepts = freely && !refused;
        refused = false;
        int descriptor = listener.intValue();
        if (accepts) {
            loop.ring.acceptAlways(descriptor, tag());
        } else {
            loop.ring.poll(descriptor, POLLIN, tag());
        }
    }

    private long tag() {
        return RingTag.of(accepts ? UringLoop.ACCEPT : UringLoop.ARRIVAL, generation);
    }

    /** What was accepted until this returns is served. */
    @Override
    public void ignore() {
        if (!awaited) {
            return;
        }
        awaited = false;
        acceptable = false;
        if (inProgress) {
            loop.ring.cancel(tag(), RingTag.of(UringLoop.REST, 0));
            loop.flush();
            inProgress = false;
        }
        generation++;
        serveAccepted();
    }

    /** The operation with this number has accepted a descriptor, or was refused one. */
    void accepted(long number, int result, boolean over) {
        inProgress &= number != generation || !over;
        if (result >= 0 || (awaited && number == generation)) {
            add(result);
        }
    }

    /** The poll with this number has ended: a connection waits. */
    void arrived(long number) {
        if (number == generation) {
            inProgress = false;
            acceptable = awaited;
        }
    }

    private void add(int result) {
        if (count == news.length) {
            int[] larger = Arrays.copyOf(news, 2 * count);
            System.arraycopy(news, 0, larger, count, first);
            news = larger;
        }
        news[(first + count++) & (news.length - 1)] = result;
    }

    boolean hasNews() {
        return count > 0 || acceptable;
    }

    /** Serves what was accepted; returns how much there was. */
    int tell() {
        int told = serveAccepted();
        Acceptor to = acceptor;
        if (acceptable && to != null) {
            acceptable = false;
            to.acceptable();
            told++;
        }
        if (awaited && !inProgress) {
            begin();
        }
        return told;
    }

    private int serveAccepted() {
        Acceptor to = acceptor;
        int told = 0;
        while (count > 0 && to != null) {
            int result = news[first];
            first = (first + 1) & (news.length - 1);
            count--;
            told++;
            if (result >= 0) {
                to.accepted(result);
            } else if (awaited) {
                refused = true;
                to.failed();
            }
        }
        return told;
    }
}
