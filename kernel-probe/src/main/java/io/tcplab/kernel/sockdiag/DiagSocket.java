package io.tcplab.kernel.sockdiag;

import io.tcplab.kernel.sockdiag.Datagram.Progress;
import io.tcplab.kernel.sockdiag.Datagram.Visitor;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.Syscalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The netlink socket: sends a request and receives until the kernel has ended the dump. One thread at a time. */
final class DiagSocket implements AutoCloseable {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int NETLINK_SOCK_DIAG = 4;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int MSG_TRUNC = 0x20;
    private static final int ANSWER_SECONDS = 10;

    // The kernel fills datagrams of at most 32 KiB (netlink_dump in net/netlink/af_netlink.c); room for twice that.
    private static final int BUFFER = 64 * 1024;

    private final int fd;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(BUFFER, 8);
    private final MemorySegment kernel = arena.allocate(12, 4);
    private final Datagram datagram = new Datagram(buffer.asByteBuffer().order(ByteOrder.nativeOrder()));
    private int sequence;
    private boolean closed;

    private DiagSocket(int fd) {
        this.fd = fd;
        kernel.set(ValueLayout.JAVA_SHORT, 0, (short) AF_NETLINK);
    }

    /** A socket or the errno of the refusal. */
    record Opened(int fd, Errno errno) {
        DiagSocket socket() {
            return new DiagSocket(fd);
        }
    }

    static Opened open() {
        int fd = Syscalls.socket(AF_NETLINK, SOCK_RAW | Syscalls.CLOEXEC, NETLINK_SOCK_DIAG);
        if (fd < 0) {
            return new Opened(-1, Errno.ofResult(fd));
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment seconds = arena.allocateFrom(ValueLayout.JAVA_LONG, ANSWER_SECONDS, 0);
            int result = Syscalls.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, seconds);
            return new Opened(fd, Errno.ofResult(result));
        }
    }

    /** Runs one dump to its end, in one piece; what went wrong is in the answer. */
    Progress dump(DiagRequest request, Visitor visitor) {
        return dump(request, visitor, null);
    }

    /** As the other, in slices where given. */
    Progress dump(DiagRequest request, Visitor visitor, @Nullable Slices slices) {
        Progress progress = new Progress();
        sequence++;
        Errno sent = send(request.encode(sequence));
        if (!sent.ok()) {
            progress.ended = true;
            progress.errno = sent;
        }
        while (!progress.ended) {
            receive(visitor, progress);
            if (slices != null) {
                slices.cut();
            }
        }
        return progress;
    }

    private Errno send(byte[] request) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment bytes = call.allocate(request.length);
            MemorySegment.copy(request, 0, bytes, ValueLayout.JAVA_BYTE, 0, request.length);
            return Errno.ofResult(Syscalls.sendto(fd, bytes, 0, kernel));
        }
    }

    private void receive(Visitor visitor, Progress progress) {
        long length = Syscalls.recv(fd, buffer, MSG_TRUNC);
        if (length > BUFFER) {
            progress.disturbed = true;
        } else if (length > 0) {
            datagram.read((int) length, sequence, visitor, progress);
        } else {
            failed(Errno.ofResult(length), progress);
        }
    }

    private static void failed(Errno errno, Progress progress) {
        switch (errno) {
            case EINTR -> {}
            // The dump goes on after an overrun; it is read to its end and then repeated.
            case ENOBUFS -> progress.disturbed = true;
            case EAGAIN -> end(progress, Errno.ETIMEDOUT);
            case OK -> end(progress, Errno.EIO);
            default -> end(progress, errno);
        }
    }

    private static void end(Progress progress, Errno errno) {
        progress.ended = true;
        progress.errno = errno;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Errno.ofResult(Syscalls.close(fd));
            arena.close();
        }
    }
}
