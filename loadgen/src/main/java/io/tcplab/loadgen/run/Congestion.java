package io.tcplab.loadgen.run;

import io.tcplab.kernel.host.Sysctl;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.SocketOptions;
import io.tcplab.kernel.syscall.Syscalls;
import io.tcplab.loadgen.plan.CannotRun;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Whether the kernel gives this thread's sockets a congestion control algorithm. */
final class Congestion {

    private static final int AF_INET = 2;
    private static final int SOCK_STREAM = 1;

    private Congestion() {}

    /** Tries it on a socket; throws CannotRun with the reason and what there is. */
    static void check(@Nullable String algorithm) throws CannotRun {
        if (algorithm == null) {
            return;
        }
        int fd = Syscalls.socket(AF_INET, SOCK_STREAM | Syscalls.CLOEXEC, 0);
        if (fd < 0) {
            return; // the load has the same failure, as an outcome
        }
        try (Arena arena = Arena.ofConfined()) {
            Errno errno = Errno.ofResult(Syscalls.setsockopt(
                    fd,
                    SocketOptions.IPPROTO_TCP,
                    SocketOptions.TCP_CONGESTION,
                    arena.allocateFrom(ValueLayout.JAVA_BYTE, algorithm.getBytes(StandardCharsets.US_ASCII))));
            if (!errno.ok()) {
                throw new CannotRun(
                        "client.congestion " + algorithm + " is refused by setsockopt(TCP_CONGESTION): " + errno
                                + "; this kernel has "
                                + Sysctl.read("net.ipv4.tcp_available_congestion_control")
                                        .orElse("none that it names")
                                + ", and without CAP_NET_ADMIN those of net.ipv4.tcp_allowed_congestion_control may be used.");
            }
        } finally {
            int _ = Syscalls.close(fd);
        }
    }
}
