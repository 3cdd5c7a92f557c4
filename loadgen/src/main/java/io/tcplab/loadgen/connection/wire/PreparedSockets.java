package io.tcplab.loadgen.connection.wire;

import io.tcplab.kernel.syscall.FastCalls;
import io.tcplab.kernel.syscall.Ring;
import io.tcplab.kernel.syscall.RingTag;
import java.lang.foreign.MemorySegment;

/**
 * Sockets that are made before they are needed, many with one system call: while some are given their options and addresses, the next
 * are made. Confined to one event loop.
 */
final class PreparedSockets {

    /** {@link #take}: a system call has refused. */
    static final int NONE = -1;

    private static final int BATCH = 8;
    private static final int BIND = 0xff;

    /** Of one that is needed now: it is made, and given its options. */
    private static final int STEPS = 2;

    private static final int MOST_STEPS = 16;

    /** More than a socket with its options takes. */
    private static final long NANOS_FOR_EACH = 5_000;

    private static final int SETTING_BITS = 8;

    private final int family;
    private final SocketSettings settings;
    private final Ring ring;
    private final FastCalls calls;
    private final Runnable collect;
    private final int batch;

    /** First in, first out. */
    private final int[] ready = new int[2 * BATCH];

    private int firstReady;
    private int readyCount;

    /** Made, and without options. */
    private int[] made = new int[2 * BATCH];

    private int madeCount;

    /** Being given their options. */
    private int[] inWork = new int[2 * BATCH];

    private int inWorkCount;
    private int asked;
    private int failureErrno;
    private String failedCall = "";

    /** {@code collect}: takes the ring's completions and hands over those of sockets. */
    PreparedSockets(int family, SocketSettings settings, Ring ring, FastCalls calls, Runnable collect) {
        this.family = family;
        this.settings = settings;
        this.ring = ring;
        this.calls = calls;
        this.collect = collect;
        // A port that bind(2) gives to a socket is taken from all others: none is taken before it is needed.
        this.batch = settings.takesPortAtBind() ? 1 : BATCH;
    }

    int family() {
        return family;
    }

    /** Returns a socket that may connect, or {@link #NONE}. Where there is none at hand, a {@code busy} loop makes several. */
    int take(boolean busy) {
        // What is staged meanwhile comes first, such as a poll anew where the ring's completions were too many.
        for (int steps = 0; readyCount == 0 && steps < (inWorkCount > 0 ? MOST_STEPS : STEPS); steps++) {
            step(busy ? batch : 1);
            ring.submit();
            collect.run();
            finish();
        }
        if (readyCount == 0) {
            return NONE;
        }
        int descriptor = ready[firstReady];
        firstReady = (firstReady + 1) % ready.length;
        readyCount--;
        return descriptor;
    }

    /** Stages what leaves some at hand, as far as there is time for several. */
    void replenish(long nanosLeft) {
        int wanted = (int) Math.min(batch - readyCount, nanosLeft / NANOS_FOR_EACH);
        if (batch > 1 && wanted >= batch / 2) {
            step(wanted);
        }
    }

    /** Stages the options of those that were made, and asks for some anew. */
    private void step(int wanted) {
        if (inWorkCount > 0 || asked > 0) {
            return;
        }
        int[] empty = inWork;
        inWork = made;
        inWorkCount = madeCount;
        made = empty;
        madeCount = 0;
        for (int i = 0; i < inWorkCount; i++) {
            configure(inWork[i]);
        }
        for (int i = batch == 1 ? inWorkCount : 0; i < wanted; i++) {
            ring.socket(family, RingTag.of(UringTag.SOCKET, family));
            asked++;
        }
    }

    private void configure(int descriptor) {
        SocketSettings.Option[] options = settings.options();
        for (int i = 0; i < options.length; i++) {
            SocketSettings.Option option = options[i];
            ring.setOption(descriptor, option.level(), option.name(), option.value(), tag(descriptor, i));
        }
        if (settings.binds()) {
            MemorySegment source = settings.nextSource();
            ring.bind(descriptor, source, tag(descriptor, BIND));
        }
    }

    private static long tag(int descriptor, int setting) {
        return RingTag.of(UringTag.SETTING, (long) descriptor << SETTING_BITS | setting);
    }

    /** The kernel has made a socket, or refused to. */
    void made(int result) {
        asked--;
        if (result < 0) {
            refused("socket", result);
        } else {
            made[madeCount++] = result;
        }
    }

    /** An option of some socket, or its bind(2), was refused. */
    void failed(long number, int result) {
        int setting = (int) number & ((1 << SETTING_BITS) - 1);
        int descriptor = (int) (number >>> SETTING_BITS);
        for (int i = 0; i < inWorkCount; i++) {
            if (inWork[i] == descriptor) {
                refused(setting == BIND ? "bind" : settings.options()[setting].call(), result);
                inWork[i] = inWork[--inWorkCount];
                int ignored = calls.close(descriptor);
                return;
            }
        }
    }

    private void refused(String call, int result) {
        failedCall = call;
        failureErrno = -result;
    }

    /** To be called when the ring was submitted: what was in work is ready, as options and bind(2) are done within the call. */
    void finish() {
        if (ring.staged() > 0) {
            return;
        }
        for (int i = 0; i < inWorkCount && readyCount < ready.length; i++) {
            ready[(firstReady + readyCount++) % ready.length] = inWork[i];
        }
        inWorkCount = 0;
    }

    /** The errno of the last refusal, positive. */
    int failureErrno() {
        return failureErrno;
    }

    String failedCall() {
        return failedCall;
    }

    /** Gives back what was not needed. */
    void close() {
        for (; readyCount > 0; readyCount--) {
            calls.close(ready[firstReady]);
            firstReady = (firstReady + 1) % ready.length;
        }
        for (int i = 0; i < inWorkCount; i++) {
            calls.close(inWork[i]);
        }
        for (int i = 0; i < madeCount; i++) {
            calls.close(made[i]);
        }
        inWorkCount = 0;
        madeCount = 0;
    }
}
