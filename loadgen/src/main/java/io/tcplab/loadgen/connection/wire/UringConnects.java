package io.tcplab.loadgen.connection.wire;

import io.tcplab.kernel.syscall.Ring;
import io.tcplab.kernel.syscall.RingRefused;
import io.tcplab.kernel.syscall.RingSlots;
import java.lang.foreign.MemorySegment;

/**
 * Begins handshakes, each alone in its system call: nothing else lies between two readings of the clock around it. It has a ring of its
 * own, as the loop's other ring would do in the same call what has become due there. Confined to one event loop.
 */
final class UringConnects {

    private static final int ENTRIES = 64;
    private static final int COMPLETIONS = 4096;
    private static final long CANCELLATION = -1;

    private final Ring ring = new Ring(ENTRIES, COMPLETIONS);
    private final RingSlots<UringWire> slots;

    UringConnects(RingSlots<UringWire> slots) throws RingRefused {
        this.slots = slots;
    }

    void enable() {
        ring.enable();
    }

    /** Asks for the handshake; returns how it ended, or {@link Wire#IN_PROGRESS}. */
    int begin(UringWire wire, MemorySegment target) {
        wire.connectBegun();
        ring.connect(wire.descriptor, target, wire.slot);
        ring.submit();
        collect();
        return wire.connectOutcome();
    }

    /** Looks again; as {@link #begin}. */
    int look(UringWire wire) {
        if (wire.isConnecting() && ring.hasWork()) {
            ring.submit();
        }
        collect();
        return wire.connectOutcome();
    }

    /** Gives up the handshake, so that the socket can be closed. */
    void cancel(UringWire wire) {
        ring.cancel(wire.slot, CANCELLATION);
        ring.submit();
        collect();
    }

    private void collect() {
        while (ring.hasCompletion()) {
            long slot = ring.tag();
            int result = ring.result();
            ring.advance();
            if (slot != CANCELLATION) {
                slots.at((int) slot).connectEnded(result);
            }
        }
    }

    void close() {
        ring.close();
    }
}
