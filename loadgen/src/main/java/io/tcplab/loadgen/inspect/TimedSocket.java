package io.tcplab.loadgen.inspect;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.NativeSocket;
import io.tcplab.kernel.syscall.NativeSocket.Result;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A connected socket as TCP has it: what happens on it is seen when it happens, with its time and its errno; every wait has a deadline by
 * System.nanoTime. One thread uses it.
 */
final class TimedSocket {

    private static final int BUFFER = 64 * 1024;

    /** An end that has come within this and two round trips, when it is looked for, is no timeout. */
    private static final long AT_ONCE_NANOS = 200_000_000L;

    /** After so much a wait looks whether it is over. */
    private static final int LOOK_MILLIS = 200;

    private final NativeSocket socket;
    private final InetSocketAddress local;
    private final long connectNanos;
    private final BooleanSupplier over;
    private final byte[] buffer = new byte[BUFFER];
    private @Nullable Errno broken;
    private long firstLookNanos;
    private boolean heardData;
    private boolean endedAtOnce;

    private TimedSocket(NativeSocket socket, InetSocketAddress local, long connectNanos, BooleanSupplier over) {
        this.socket = socket;
        this.local = local;
        this.connectNanos = connectNanos;
        this.over = over;
    }

    /** Connects; throws Unreachable with the errno where that fails or takes longer. Waits end early once {@code over} says so. */
    static TimedSocket open(
            InetSocketAddress to, Contact.Preparation preparation, int withinMillis, BooleanSupplier over)
            throws Unreachable {
        NativeSocket socket;
        try {
            socket = NativeSocket.open(family(to));
        } catch (IOException e) {
            throw new Unreachable(String.valueOf(e.getMessage()));
        }
        Errno _ = socket.nonBlocking(true);
        preparation.prepare(socket);
        long began = System.nanoTime();
        Errno errno = socket.connect(to, withinMillis);
        long took = System.nanoTime() - began;
        Optional<InetSocketAddress> local = socket.localAddress();
        if (!errno.ok() || local.isEmpty() || local.get().equals(to)) {
            socket.close();
            throw new Unreachable(
                    errno == Errno.EINPROGRESS
                            ? "no answer to the SYN within " + withinMillis + " ms"
                            : errno.ok() ? "nothing listens; the socket connected to itself" : "connect: " + errno);
        }
        return new TimedSocket(socket, local.get(), took, over);
    }

    /**
     * Whether the peer speaks MPTCP; empty where the socket is refused here, or no connection is taken. {@code opened} is given the port
     * that it connected from.
     */
    static Optional<Boolean> speaksMultipath(InetSocketAddress to, int withinMillis, IntConsumer opened) {
        try (NativeSocket socket = NativeSocket.openMultipath(family(to))) {
            Errno _ = socket.nonBlocking(true);
            if (!socket.connect(to, withinMillis).ok()) {
                return Optional.empty();
            }
            socket.localAddress().ifPresent(local -> opened.accept(local.getPort()));
            return Optional.of(socket.multipath());
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static StandardProtocolFamily family(InetSocketAddress to) {
        return to.getAddress() instanceof Inet6Address ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    }

    /** Its own end. */
    InetSocketAddress local() {
        return local;
    }

    /** How long the handshake took, as connect(2) and poll(2) show it. */
    long connectNanos() {
        return connectNanos;
    }

    /** The socket itself, for its options and its end. */
    NativeSocket socket() {
        return socket;
    }

    /** Sends all, waiting for room until the deadline: then the errno is EAGAIN. */
    Contact.Sent send(byte[] bytes, long deadlineNanos) {
        int sent = 0;
        while (sent < bytes.length) {
            byte[] part = Arrays.copyOfRange(bytes, sent, Math.min(bytes.length, sent + BUFFER));
            Result result = socket.send(part, 0);
            if (result.ok()) {
                sent += (int) result.value();
            } else if (result.errno() != Errno.EAGAIN) {
                // The pending error is taken off the socket by this: a later recv would answer 0, which is no FIN.
                broken = result.errno();
                return new Contact.Sent(sent, result.errno());
            } else if (!await(NativeSocket.POLLOUT, deadlineNanos)) {
                return new Contact.Sent(sent, Errno.EAGAIN);
            }
        }
        return new Contact.Sent(sent, Errno.OK);
    }

    /** The next thing that happens, or silence at the deadline. */
    Heard hear(long deadlineNanos) {
        firstLookNanos = firstLookNanos == 0 ? System.nanoTime() : firstLookNanos;
        Heard heard = next(deadlineNanos);
        heardData |= heard instanceof Heard.Data;
        endedAtOnce |=
                heard.isEnd() && !heardData && heard.atNanos() - firstLookNanos < AT_ONCE_NANOS + 2 * connectNanos;
        return heard;
    }

    /** Whether its end came without a byte, and at once. */
    boolean endedAtOnce() {
        return endedAtOnce;
    }

    private Heard next(long deadlineNanos) {
        while (true) {
            Result result = socket.recv(buffer, 0);
            long now = System.nanoTime();
            if (result.ok() && result.value() > 0) {
                return new Heard.Data(Arrays.copyOf(buffer, (int) result.value()), now);
            }
            Errno earlier = broken;
            if (result.ok()) {
                return earlier == null ? new Heard.Fin(now) : new Heard.Reset(earlier, now);
            }
            if (result.errno() != Errno.EAGAIN) {
                return new Heard.Reset(result.errno(), now);
            }
            if (!await(NativeSocket.POLLIN, deadlineNanos)) {
                return new Heard.Silence(System.nanoTime());
            }
        }
    }

    /** Waits for an event; false at the deadline, or where the wait is over before. */
    private boolean await(int events, long deadlineNanos) {
        for (long left = deadlineNanos - System.nanoTime();
                left > 0 && !over.getAsBoolean();
                left = deadlineNanos - System.nanoTime()) {
            Result result = socket.await(events, (int) Math.min(LOOK_MILLIS, left / 1_000_000 + 1));
            if (!result.ok() || result.value() != 0) {
                return true;
            }
        }
        return false;
    }

    /** Waits until something has arrived, and leaves it in the kernel. */
    boolean arrived(long withinNanos) {
        return socket.await(NativeSocket.POLLIN, (int) (withinNanos / 1_000_000))
                        .value()
                > 0;
    }
}
