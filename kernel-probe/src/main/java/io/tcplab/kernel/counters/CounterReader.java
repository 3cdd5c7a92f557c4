package io.tcplab.kernel.counters;

import io.tcplab.kernel.ProcReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Takes a {@link CounterSnapshot} again and again, of the namespace of the thread that opened it; the files stay open meanwhile. Used by
 * one thread at a time.
 */
public final class CounterReader implements AutoCloseable {
    private static final Path NETSTAT = Path.of("/proc/thread-self/net/netstat");
    private static final Path SNMP = Path.of("/proc/thread-self/net/snmp");

    private final ProcReader snmp;
    private final ProcReader netstat;
    private final ProcReader sockstat;
    private final ProcReader sockstat6;

    private CounterReader() {
        snmp = ProcReader.open(SNMP);
        netstat = ProcReader.open(NETSTAT);
        sockstat = ProcReader.openIfPresent(SocketStat.FOUR);
        sockstat6 = ProcReader.openIfPresent(SocketStat.SIX);
    }

    /** Opens it in the calling thread's namespace; throws UncheckedIOException where /proc is not mounted. */
    public static CounterReader open() {
        return new CounterReader();
    }

    /** The counters now; throws UncheckedIOException where they cannot be read any more. */
    public CounterSnapshot read() {
        return CounterSnapshot.of(
                snmp.read(), netstat.read(), SocketStat.parse(text(sockstat.read()), text(sockstat6.read())));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        snmp.close();
        netstat.close();
        sockstat.close();
        sockstat6.close();
    }
}
