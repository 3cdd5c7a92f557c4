package io.tcplab.kernel.namespace;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.Syscalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Brings an interface of the calling thread's namespace up, without a program (netdevice(7)). */
final class LinkUp {
    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM = 2;
    private static final long SIOCGIFFLAGS = 0x8913;
    private static final long SIOCSIFFLAGS = 0x8914;
    private static final int IFF_UP = 1;
    private static final int IFREQ_SIZE = 40;
    private static final int FLAGS = 16;

    private LinkUp() {}

    static Errno up(String device) {
        int fd = Syscalls.socket(AF_INET, SOCK_DGRAM | Syscalls.CLOEXEC, 0);
        if (fd < 0) {
            return Errno.ofResult(fd);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(IFREQ_SIZE, 8);
            request.setString(0, device);
            int result = Syscalls.ioctl(fd, SIOCGIFFLAGS, request);
            if (result >= 0) {
                short flags = request.get(ValueLayout.JAVA_SHORT, FLAGS);
                request.set(ValueLayout.JAVA_SHORT, FLAGS, (short) (flags | IFF_UP));
                result = Syscalls.ioctl(fd, SIOCSIFFLAGS, request);
            }
            return Errno.ofResult(result);
        } finally {
            Errno.ofResult(Syscalls.close(fd));
        }
    }
}
