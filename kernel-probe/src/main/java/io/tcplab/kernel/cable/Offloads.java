package io.tcplab.kernel.cable;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.Syscalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Switches a device's offloads off, so that what leaves it is what a wire would carry: segments no longer than the MTU, with their
 * checksums (ethtool(8), include/uapi/linux/ethtool.h).
 */
final class Offloads {
    private static final long SIOCETHTOOL = 0x8946;
    private static final int ETHTOOL_STXCSUM = 0x17;
    private static final int ETHTOOL_STSO = 0x1f;
    private static final int ETHTOOL_SGSO = 0x24;
    private static final int ETHTOOL_SGRO = 0x2c;
    private static final int[] ALL = {ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO, ETHTOOL_STXCSUM};
    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM = 2;

    private Offloads() {}

    /** Of a device of the calling thread's namespace. Throws IOException with the errno's name. */
    static void off(String device) throws IOException {
        int fd = Syscalls.socket(AF_INET, SOCK_DGRAM | Syscalls.CLOEXEC, 0);
        if (fd < 0) {
            throw new IOException("socket: " + Errno.ofResult(fd));
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(40, 8);
            MemorySegment value = arena.allocate(8, 4);
            request.setString(0, device);
            request.set(ValueLayout.JAVA_LONG, 16, value.address());
            for (int feature : ALL) {
                value.set(ValueLayout.JAVA_INT, 0, feature);
                value.set(ValueLayout.JAVA_INT, 4, 0);
                Errno errno = Errno.ofResult(Syscalls.ioctl(fd, SIOCETHTOOL, request));
                if (!errno.ok()) {
                    throw new IOException(
                            "ioctl(SIOCETHTOOL " + Integer.toHexString(feature) + " " + device + "): " + errno);
                }
            }
        } finally {
            Errno.ofResult(Syscalls.close(fd));
        }
    }
}
