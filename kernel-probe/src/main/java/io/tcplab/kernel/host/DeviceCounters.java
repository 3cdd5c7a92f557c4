package io.tcplab.kernel.host;

import io.tcplab.kernel.ProcFile;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a network device of the calling thread's namespace has carried (proc_pid_net(5)).
 *
 * @param receivedBytes that came in by it
 * @param sendsDropped packets that it was to send and dropped; a veth device counts what the kernel does not take in at its other end
 *     (veth_xmit, drivers/net/veth.c)
 */
public record DeviceCounters(long receivedBytes, long sendsDropped) {

    private static final Path FILE = Path.of("/proc/thread-self/net/dev");
    private static final int RECEIVED_BYTES = 0;
    private static final int SENDS_DROPPED = 11;

    /** Reads those of a device, or nothing where there is none of this name. Throws UncheckedIOException if unreadable. */
    public static Optional<DeviceCounters> read(String device) {
        return ProcFile.lines(FILE).stream()
                .map(String::strip)
                .filter(line -> line.startsWith(device + ":"))
                .findFirst()
                .map(line -> {
                    String[] figures =
                            line.substring(device.length() + 1).strip().split(" +");
                    return new DeviceCounters(
                            Long.parseLong(figures[RECEIVED_BYTES]), Long.parseLong(figures[SENDS_DROPPED]));
                });
    }
}
