package io.tcplab.kernel.counters;

import io.tcplab.kernel.counters.CounterText.Section;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Every TCP counter of one network namespace at one moment: the sections Tcp, TcpExt and MPTcpExt, with {@link
 * SocketStat} beside them. Immutable.
 *
 * <p>Names are the kernel's, with the section before them: {@code Tcp.ActiveOpens}, {@code TcpExt.TW}. Counters that
 * this version of {@link KernelCounter} does not describe are carried along under the same kind of name.
 */
public final class CounterSnapshot {
    private static final CounterText NETSTAT_TEXT = new CounterText(Set.of("TcpExt", "MPTcpExt"));
    private static final CounterText SNMP_TEXT = new CounterText(Set.of("Tcp"));

    // States and settings that stand among the counters of snmp (RFC 4022): no difference of them means anything.
    private static final Set<String> GAUGES =
            Set.of("Tcp.RtoAlgorithm", "Tcp.RtoMin", "Tcp.RtoMax", "Tcp.MaxConn", "Tcp.CurrEstab");

    private final List<Section> sections;
    private final SocketStat sockets;

    private CounterSnapshot(List<Section> sections, SocketStat sockets) {
        this.sections = sections;
        this.sockets = sockets;
    }

    /** Reads the counters of the calling thread's namespace; throws UncheckedIOException where /proc is not mounted. */
    public static CounterSnapshot read() {
        try (CounterReader counters = CounterReader.open()) {
            return counters.read();
        }
    }

    static CounterSnapshot of(byte[] snmp, byte[] netstat, SocketStat sockets) {
        List<Section> sections = new ArrayList<>(SNMP_TEXT.parse(snmp));
        sections.addAll(NETSTAT_TEXT.parse(netstat));
        return new CounterSnapshot(List.copyOf(sections), sockets);
    }

    /** The socket totals read at the same moment. */
    public SocketStat sockets() {
        return sockets;
    }

    /** The value under this name, gauges included; empty if this kernel has no such counter. Unsigned. */
    public OptionalLong value(String name) {
        for (Section section : sections) {
            int index = section.names().indexOf(name);
            if (index >= 0) {
                return OptionalLong.of(section.value(index));
            }
        }
        return OptionalLong.empty();
    }

    /** The value of a described counter, or 0 where this kernel does not have it. */
    public long value(KernelCounter counter) {
        return value(counter.kernelName()).orElse(0);
    }

    /** Every value by its name, in the kernel's order, gauges included. */
    public Map<String, Long> values() {
        Map<String, Long> values = new LinkedHashMap<>();
        for (Section section : sections) {
            for (int i = 0; i < section.size(); i++) {
                values.put(section.names().get(i), section.value(i));
            }
        }
        return values;
    }

    /**
     * The counters that moved since {@code earlier}, which must come from the same namespace, and by how much: only those
     * that did, in the kernel's order, without gauges. A counter that {@code earlier} does not have counts from 0.
     */
    public Map<String, Long> deltaSince(CounterSnapshot earlier) {
        Map<String, Long> deltas = new LinkedHashMap<>();
        for (Section later : sections) {
            addDeltas(later, earlier, deltas);
        }
        return deltas;
    }

    private static void addDeltas(Section later, CounterSnapshot earlier, Map<String, Long> deltas) {
        Section before = earlier.ordered(later.names());
        for (int i = 0; i < later.size(); i++) {
            long delta = delta(before.value(i), later.value(i));
            if (delta != 0 && !GAUGES.contains(later.names().get(i))) {
                deltas.put(later.names().get(i), delta);
            }
        }
    }

    /** The values of this snapshot in the order of {@code names}: at once where the header did not change. */
    private Section ordered(List<String> names) {
        for (Section section : sections) {
            if (section.names().equals(names)) {
                return section;
            }
        }
        Map<String, Long> byName = values();
        return new Section(
                names,
                names.stream().mapToLong(name -> byName.getOrDefault(name, 0L)).toArray());
    }

    /**
     * The distance from one reading to a later one, over a wrap at 2^64 or, where the earlier one fits, at 2^32 (a 32-bit
     * kernel). A counter that went back by less than half of its range was read while it moved: 0.
     */
    static long delta(long earlier, long later) {
        if (Long.compareUnsigned(later, earlier) >= 0) {
            return later - earlier;
        }
        long distance = earlier >>> 32 == 0 ? later - earlier + (1L << 32) : later - earlier;
        return distance < 0 || (earlier >>> 32 == 0 && distance >= 1L << 31) ? 0 : distance;
    }
}
