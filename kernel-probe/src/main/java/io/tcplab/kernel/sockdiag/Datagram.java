package io.tcplab.kernel.sockdiag;

import io.tcplab.kernel.syscall.Errno;
import java.nio.ByteBuffer;

/**
 * Takes one received datagram of a netlink dump apart (netlink(7)): headers, the end of the dump, errors, and the marks
 * by which the kernel says that a dump is not to be trusted.
 */
final class Datagram {
    static final int HEADER = 16;

    private static final int NOOP = 1;
    private static final int ERROR = 2;
    private static final int DONE = 3;
    private static final int OVERRUN = 4;
    private static final int DUMP_INTERRUPTED = 0x10;

    /** What is done with each socket in the dump. */
    interface Visitor {
        /** The view is only valid during the call. */
        void visit(DiagMessage socket);
    }

    /** What the datagrams of one dump have said so far. */
    static final class Progress {
        /** The kernel said that the dump is complete, or refused it. */
        boolean ended;

        /** Something was lost or changed: the dump must be repeated. */
        boolean disturbed;

        /** The error that ended the dump. */
        Errno errno = Errno.OK;
    }

    private final ByteBuffer buffer;
    private final DiagMessage message;

    /** {@code buffer}: where datagrams are received, in native order. */
    Datagram(ByteBuffer buffer) {
        this.buffer = buffer;
        this.message = new DiagMessage(buffer);
    }

    /** Visits the sockets in the first {@code length} bytes of the buffer that answer the request {@code sequence}. */
    void read(int length, int sequence, Visitor visitor, Progress progress) {
        int at = 0;
        while (at + HEADER <= length && !progress.ended) {
            int size = buffer.getInt(at);
            if (size < HEADER || size > length - at) {
                progress.disturbed = true;
                return;
            }
            if (buffer.getInt(at + 8) == sequence) {
                one(at, size, visitor, progress);
            }
            at += (size + 3) & ~3;
        }
    }

    private void one(int at, int size, Visitor visitor, Progress progress) {
        progress.disturbed |= (buffer.getShort(at + 6) & DUMP_INTERRUPTED) != 0;
        switch (buffer.getShort(at + 4)) {
            case NOOP -> {}
            case OVERRUN -> progress.disturbed = true;
            case ERROR, DONE -> end(at, size, progress);
            default -> {
                if (size >= HEADER + DiagMessage.SIZE) {
                    message.at(at + HEADER, at + size);
                    visitor.visit(message);
                } else {
                    progress.disturbed = true;
                }
            }
        }
    }

    private void end(int at, int size, Progress progress) {
        int result = size >= HEADER + 4 ? buffer.getInt(at + HEADER) : 0;
        progress.ended = true;
        progress.errno = Errno.ofResult(result);
    }
}
