package io.tcplab.companion;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.tcplab.companion.tls.TlsContext;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Accepts connections and hands them to the loops in turn; with a delay or a pause it leaves them in the kernel's accept queue, for
 * no accept(2) is called. Used by the first loop alone.
 */
final class Acceptor {

    /** Connections taken in a row before those in progress get their turn. */
    private static final int AT_ONCE = 16;

    /** Rest after a failed accept(2): out of descriptors (EMFILE) the listener stays readable and would be asked again at once. */
    private static final long REST_AFTER_FAILURE_MILLIS = 100;

    private final AcceptSettings accepting;
    private final List<ServingLoop> loops;
    private final EventLoop loop;
    private final ListeningSocket listener;
    private final WireConnection.Maker maker;
    private int turn;
    private boolean paused;
    private boolean resting;

    /** When the next connection may be accepted at the pace of the delay. */
    private long dueNanos;

    private boolean closed;

    Acceptor(CompanionSettings settings, List<ServingLoop> loops, ListeningSocket listener, @Nullable TlsContext tls) {
        this.accepting = settings.accepting();
        this.loops = loops;
        this.loop = loops.getFirst().eventLoop;
        this.listener = listener;
        this.paused = accepting.acceptPaused();
        WireConnection.Maker plain = switch (settings.protocol()) {
            case TCPLAB -> FramedConnection::new;
            case HTTP -> HttpConnection::new;
            case ECHO -> EchoConnection::new;
            case NONE -> (serving, wire) -> new SilentConnection(serving, wire, settings.closeOnAccept());
        };
        this.maker = tls == null ? plain : TlsWire.secured(plain, tls);
    }

    /** Begins, unless the settings say paused. */
    void begin() {
        if (!paused) {
            dueNanos = System.nanoTime();
            rest(accepting.acceptDelayNanos());
        }
    }

    void pause() {
        paused = true;
        listener.ignoreConnections();
    }

    void resume() {
        if (paused) {
            paused = false;
            begin();
        }
    }

    /** The accept queue is not empty. */
    void acceptable() {
        try {
            accept();
        } catch (OutOfMemoryError scarce) {
            loops.getFirst().outOfMemory.run();
            throw scarce;
        }
    }

    private void accept() {
        int most = accepting.acceptDelayNanos() > 0 ? 1 : AT_ONCE;
        try {
            for (int i = 0; i < most && !paused && !closed && !resting; i++) {
                if (!acceptOne()) {
                    return;
                }
            }
        } catch (IOException failed) {
            failed();
            return;
        }
        if (accepting.acceptDelayNanos() > 0) {
            restUntilDue();
        }
    }

    /** accept(2) was refused. */
    void failed() {
        loops.getFirst().counters.increment(Counter.ACCEPT_FAILURES);
        rest(TimeUnit.MILLISECONDS.toNanos(REST_AFTER_FAILURE_MILLIS));
    }

    /** Timers fire late, by 50 µs or more: what one was late by, up to a whole delay, the next makes up for, so that 1 ms is 1,000/s. */
    private void restUntilDue() {
        long delay = accepting.acceptDelayNanos();
        long now = System.nanoTime();
        dueNanos = now - dueNanos > delay ? now + delay : dueNanos + delay;
        rest(Math.max(1, dueNanos - now));
    }

    private boolean acceptOne() throws IOException {
        int descriptor = listener.accept();
        if (descriptor < 0) {
            return false;
        }
        handOut(descriptor);
        return true;
    }

    /** A connection has been accepted. */
    void accepted(int descriptor) {
        try {
            handOut(descriptor);
        } catch (OutOfMemoryError scarce) {
            loops.getFirst().outOfMemory.run();
            throw scarce;
        }
    }

    private void handOut(int descriptor) {
        ServingLoop serving = loops.get(turn);
        turn = turn + 1 == loops.size() ? 0 : turn + 1;
        if (serving.eventLoop.inEventLoop()) {
            serve(serving, descriptor);
        } else {
            serving.eventLoop.execute(() -> serve(serving, descriptor));
        }
    }

    private void serve(ServingLoop serving, int descriptor) {
        WireConnection connection = serving.io.connection(descriptor, serving, maker);
        serving.add(connection);
        connection.begin();
    }

    /** Accepts nothing for that time. */
    private void rest(long nanos) {
        if (nanos == 0) {
            await();
            return;
        }
        listener.ignoreConnections();
        if (!resting) {
            resting = true;
            Future<?> _ = loop.schedule(this::rested, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void rested() {
        resting = false;
        if (!paused && !closed) {
            await();
        }
    }

    private void await() {
        listener.awaitConnections(this, accepting.acceptDelayNanos() == 0);
    }

    /**
     * Takes what waits in the accept queue and closes the listener. What waits behind a pause or a delay is reset by the kernel
     * (inet_csk_listen_stop in net/ipv4/inet_connection_sock.c).
     */
    void finish() {
        if (closed) {
            return;
        }
        listener.ignoreConnections();
        try {
            boolean freely = !paused && accepting.acceptDelayNanos() == 0;
            while (freely && acceptOne()) {
                // Once more, until the queue is empty.
            }
        } catch (IOException failed) {
            loops.getFirst().counters.increment(Counter.ACCEPT_FAILURES);
        }
        close();
    }

    /** Closes the listener. */
    void close() {
        if (!closed) {
            closed = true;
            listener.close();
        }
    }
}
