package io.tcplab.loadgen.connection.wire;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.ReadySlots;
import io.tcplab.kernel.syscall.Ring;
import io.tcplab.kernel.syscall.RingTag;
import io.tcplab.kernel.syscall.SendBuffers;

/**
 * A socket that an io_uring serves, as it sends: what is short goes out with what the loop asks of the kernel next. It counts its
 * operations: until the kernel has said the last about each, the object is not free for another connection.
 */
abstract class UringSender extends SocketWire {

    final int slot;
    final UringWires wires;
    final UringPoller poller;
    final Ring ring;

    /** Where it waits to be told of what has come. */
    private final ReadySlots ready;

    @SuppressWarnings("NullAway.Init") // set by take()
    Owner owner;

    boolean connecting;

    /** The connection is over. */
    boolean gone;

    /** The socket is about to be closed: nothing may begin anew on a descriptor that is another's by then. */
    boolean leaving;

    int operations;

    /** How much of what was staged is not known to be sent, in {@link #output}; 0 = none. */
    int sending;

    private int output;

    /** There was no room for all of it, and the kernel waits for some. */
    boolean waitsForRoom;

    /** Of a send that failed, until its owner is told: how much was not sent, and the errno; 0 = none. */
    private int unsent;

    private int sendErrno;

    UringSender(UringWires wires, int slot) {
        super(wires.calls(), -1);
        this.wires = wires;
        this.poller = wires.poller();
        this.ring = poller.ring();
        this.ready = poller.ready();
        this.slot = slot;
    }

    /** Takes another connection's socket. */
    final void take(int socket, Owner forWhom) {
        descriptor = socket;
        owner = forWhom;
        gone = false;
        leaving = false;
        sendErrno = 0;
    }

    final long tag(int kind) {
        return RingTag.of(kind, slot);
    }

    /** An operation was staged whose end is awaited. */
    final void begun() {
        operations++;
        poller.began();
    }

    /** Has the owner told in the next turn, or in this one. */
    final void queue() {
        ready.add(slot);
    }

    final boolean isQueued() {
        return ready.contains(slot);
    }

    /** Gives the object back where the connection is over and nothing is in progress. */
    final void freeIfOver() {
        if (gone && operations == 0 && !isQueued()) {
            poller.slots().giveBack(slot);
        }
    }

    @Override
    public final int send(Buffer from, int length) {
        return connecting || stillSends() ? AGAIN : sendErrno != 0 ? takeSendError() : super.send(from, length);
    }

    @Override
    public final int sendSoon(Buffer from, int length) {
        if (connecting || sending > 0 || length > SendBuffers.SIZE || wires.connectsPlainly()) {
            return send(from, length);
        }
        output = poller.outputs().fill(from.address(), length);
        if (output == SendBuffers.NONE) {
            return send(from, length);
        }
        sending = length;
        operations++;
        ring.sendAtOnce(descriptor, poller.outputs().address(output), length, tag(UringTag.SEND));
        poller.sends(slot);
        return length;
    }

    /** Has a send that is only staged made; whether it has to wait for room all the same. */
    private boolean stillSends() {
        if (sending > 0) {
            ring.submit();
            poller.collect();
        }
        return sending > 0;
    }

    private int takeSendError() {
        int error = -sendErrno;
        sendErrno = 0;
        return error;
    }

    /** What was staged has gone out, as the kernel has begun it and says nothing. */
    final void sentAtOnce() {
        if (sending > 0 && !waitsForRoom) {
            over(sending);
        }
    }

    /** The kernel tells of a send: there was no room for all of it, it has waited for some, or it has failed. */
    final void sent(int result) {
        if (gone || leaving || waitsForRoom || (result < 0 && result != AGAIN)) {
            over(result);
            return;
        }
        int taken = Math.max(0, result);
        sending -= taken;
        waitsForRoom = true;
        ring.send(descriptor, poller.outputs().address(output) + taken, sending, tag(UringTag.SEND));
    }

    private void over(int result) {
        int length = sending;
        sending = 0;
        waitsForRoom = false;
        operations--;
        poller.sendEnded();
        poller.outputs().giveBack(output);
        if (gone) {
            freeIfOver();
        } else if (result < length) {
            unsent = length - Math.max(0, result);
            // One that has sent a part has met an error then, and the kernel tells of it no more.
            sendErrno = result < 0 ? -result : Errno.EPIPE.number();
            queue();
        }
    }

    /** Tells the owner of a send that failed. */
    final void tellUnsent() {
        if (sendErrno != 0) {
            owner.unsent(unsent, -takeSendError());
        }
    }

    @Override
    public final int shutdownOutput() {
        boolean _ = stillSends();
        return super.shutdownOutput();
    }

    @Override
    public final boolean look(Vitals vitals) {
        boolean _ = stillSends();
        return super.look(vitals);
    }
}
