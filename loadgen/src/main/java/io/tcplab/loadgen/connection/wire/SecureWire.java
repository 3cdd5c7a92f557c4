package io.tcplab.loadgen.connection.wire;

import io.tcplab.companion.tls.TlsEngine;
import io.tcplab.companion.tls.TlsFailure;

/**
 * A socket whose bytes are encrypted by TLS from {@link #handshake} on. What is sent and received is plain; readiness is the socket's.
 *
 * <p>The peer's close_notify is its end of data, as a FIN is: {@link #receive} returns 0. From {@link #untilFin} on only the FIN is.
 */
public final class SecureWire extends SecureInput {

    private final Owner owner;

    /** What the socket said behind bytes that had to be handed over first; 0 = nothing. */
    private int next;

    private boolean moreToRead;
    private boolean untilFin;
    private boolean leftOut;
    private boolean notified;
    private boolean endTold;
    private boolean notifySent;

    public SecureWire(Wire socket, Owner owner, TlsEngine engine, SecureBuffers buffers) {
        super(socket, engine, buffers);
        this.owner = owner;
    }

    @Override
    public int receive(Buffer buffer) {
        if (notified || finCame || next != 0) {
            return receiveEnd();
        }
        moreToRead = false;
        int total = feedEarly() ? decrypt(buffer, 0) : 0;
        while (total >= 0 && !notified && next != FAILED) {
            if (buffer.size() - total < buffers.input.size() + TlsEngine.RECORD_BYTES) {
                moreToRead = true;
                break;
            }
            int received = fill();
            if (received <= 0) {
                return total == 0 ? received : behind(total, received);
            }
            total = decrypt(buffer, total);
            if (total != 0 && received < buffers.input.size()) {
                break;
            }
        }
        return total == 0 ? (notified ? receiveEnd() : AGAIN) : total;
    }

    /** What was decrypted is told first, what the socket said then. */
    private int behind(int total, int received) {
        if (received == 0) {
            owner.closing();
        } else if (received != AGAIN) {
            next = received;
            moreToRead = true;
        }
        return total;
    }

    /** Decrypts what was fed behind {@code before} bytes; returns how many there are now, or {@link #FAILED}. */
    private int decrypt(Buffer buffer, int before) {
        int total = before;
        for (; ; ) {
            int length = engine.read(buffer.address() + total, buffer.size() - total);
            if (length > 0) {
                total += length;
                continue;
            }
            say();
            if (length == TlsEngine.FAILED || (length == TlsEngine.FULL && awaitsOutput())) {
                int failed = failed();
                return forgives() ? ended(total) : total == 0 ? failed : behind(total, failed);
            } else if (length == TlsEngine.ENDED) {
                return ended(total);
            } else if (length == TlsEngine.MORE) {
                return total;
            }
        }
    }

    private int ended(int total) {
        notified = true;
        if (total > 0) {
            owner.closing();
        }
        return total;
    }

    /** An alert in answer to a FIN without our close_notify is what leaving that out leads to, and nothing that the peer did wrong. */
    private boolean forgives() {
        TlsFailure seen = failure;
        if (!leftOut || seen == null || seen.kind() != TlsFailure.Kind.ALERT) {
            return false;
        }
        failure = null;
        return true;
    }

    /** After close_notify nothing counts but the FIN. */
    private int receiveEnd() {
        if (next != 0) {
            int told = next;
            next = 0;
            finCame = true;
            return told;
        }
        if (finCame || (!untilFin && !endTold)) {
            endTold = true;
            return 0;
        }
        int received;
        do {
            received = socket.receive(buffers.input);
            count(received);
        } while (received > 0);
        finCame = received == 0;
        return received;
    }

    /** Hands over what the engine has to say beside the data; a refusal of the socket is told by the next read. */
    private void say() {
        int result = drain();
        if (result < 0 && result != AGAIN && next == 0) {
            next = result;
        }
    }

    /** Sends close_notify, once, unless there is nobody left to read it. */
    public void notifyClose() {
        if (!notifySent && failure == null && !finCame) {
            notifySent = true;
            engine.closeNotify();
            say();
        }
    }

    /** Whether close_notify has gone both ways. */
    public boolean isOverForBoth() {
        return notified && notifySent;
    }

    public boolean isNotifySent() {
        return notifySent;
    }

    /** From now on only the peer's FIN is its end; {@code leftOut} = ours has gone, and there was no close_notify before it. */
    public void untilFin(boolean leftOut) {
        untilFin = true;
        this.leftOut = leftOut;
        if (next == FAILED && forgives()) {
            next = 0;
            notified = true;
        }
    }

    /** Whether the peer's close_notify has come and nothing since: an answer would still be read. */
    public boolean awaitsNotify() {
        return notified && !finCame && !notifySent;
    }

    /** Whether the peer has ended its side, in either way. */
    public boolean hasEnded() {
        return notified || finCame || broken;
    }

    /** Whether the peer's FIN came without a close_notify before it. */
    public boolean isTruncated() {
        return finCame && !notified && next == 0;
    }

    public TlsEngine engine() {
        return engine;
    }

    @Override
    public int release() {
        engine.release();
        return socket.release();
    }

    @Override
    public int releaseSoon() {
        engine.release();
        return socket.releaseSoon();
    }

    @Override
    public LingeringClose detach() {
        engine.release();
        return socket.detach();
    }

    @Override
    public void await(boolean output) {
        if (moreToRead) {
            socket.awaitAgain();
        }
        socket.await(output || awaitsOutput());
    }

    @Override
    public void expect() {
        if (awaitsOutput()) {
            socket.await(true);
        } else if (moreToRead) {
            socket.awaitAgain();
        } else {
            socket.expect();
        }
    }

    @Override
    public int peek() {
        return hasEarly() ? 1 : notified && !endTold ? 0 : socket.peek();
    }
}
