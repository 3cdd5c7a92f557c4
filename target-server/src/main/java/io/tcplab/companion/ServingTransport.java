package io.tcplab.companion;

import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.tcplab.kernel.syscall.Ring;
import io.tcplab.kernel.syscall.RingRefused;
import io.tcplab.kernel.syscall.SyscallPrice;
import org.jspecify.annotations.Nullable;

/**
 * What serves a companion's connections, and why: io_uring(7) where it is permitted and system calls, which it saves, are dear.
 *
 * @param uring false = epoll(7)
 * @param reason a clause
 */
public record ServingTransport(boolean uring, String reason) {

    /** System property that decides instead: {@code epoll} or {@code io_uring}, which are there for tests and comparisons. */
    public static final String PROPERTY = "tcplab.companion.transport";

    /** As for the generator: from here on io_uring needs less CPU for every kind of load. */
    private static final long DEAR_NANOS = 500;

    /** What serves here. Throws CompanionException where the property insists on what is not to be had. */
    static ServingTransport choose() throws CompanionException {
        String asked = System.getProperty(PROPERTY, "auto");
        if (asked.equals("epoll")) {
            return new ServingTransport(false, PROPERTY + " asks for it");
        }
        String refusal = refusal();
        if (asked.equals("io_uring")) {
            if (refusal != null) {
                throw new CompanionException(PROPERTY + ": " + refusal);
            }
            return new ServingTransport(true, PROPERTY + " asks for it");
        }
        if (refusal != null) {
            return new ServingTransport(false, refusal);
        }
        long nanos = SyscallPrice.nanos();
        return new ServingTransport(
                nanos >= DEAR_NANOS,
                "a system call costs " + (nanos >= DEAR_NANOS ? "" : "only ") + nanos + " ns here");
    }

    /** Why there is no io_uring for this process; absent = there is. */
    static @Nullable String refusal() {
        try (Ring _ = new Ring(1, 2)) {
            return null;
        } catch (RingRefused refused) {
            return refused.getMessage();
        }
    }

    LoopIo io(ThreadAwareExecutor executor) {
        if (!uring) {
            return new EpollIo(EpollIoHandler.newFactory().newHandler(executor));
        }
        try {
            return new UringLoop(executor);
        } catch (RingRefused refused) {
            throw new IllegalStateException(refused.getMessage(), refused);
        }
    }
}
