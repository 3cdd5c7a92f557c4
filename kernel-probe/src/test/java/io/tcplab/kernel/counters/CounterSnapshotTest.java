package io.tcplab.kernel.counters;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.Fixture;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class CounterSnapshotTest {
    private static final SocketStat NO_SOCKETS = SocketStat.parse("", "");

    private static CounterSnapshot of(String snmp, String netstat) {
        return CounterSnapshot.of(
                snmp.getBytes(StandardCharsets.ISO_8859_1), netstat.getBytes(StandardCharsets.ISO_8859_1), NO_SOCKETS);
    }

    private static CounterSnapshot kernel(String release) {
        return of(
                Fixture.text(CounterSnapshotTest.class, release + ".snmp"),
                Fixture.text(CounterSnapshotTest.class, release + ".netstat"));
    }

    @Test
    void kernel618IsReadByName() {
        CounterSnapshot snapshot = kernel("linux-6.18");
        assertThat(snapshot.value("Tcp.ActiveOpens")).hasValue(3);
        assertThat(snapshot.value(KernelCounter.PASSIVE_OPENS)).isEqualTo(3);
        assertThat(snapshot.value("TcpExt.TW")).hasValue(3);
        assertThat(snapshot.value("Tcp.MaxConn")).hasValue(-1);
        assertThat(snapshot.value("IpExt.InOctets")).isEmpty();
        assertThat(snapshot.value("Udp.InDatagrams")).isEmpty();
        assertThat(snapshot.values()).containsKey("MPTcpExt.MPCapableSYNRX").hasSizeGreaterThan(150);
    }

    @Test
    void kernel310HasFewerColumns() {
        CounterSnapshot snapshot = kernel("linux-3.10");
        assertThat(snapshot.value(KernelCounter.LISTEN_OVERFLOWS)).isEqualTo(294);
        assertThat(snapshot.value(KernelCounter.LISTEN_DROPS)).isEqualTo(300);
        assertThat(snapshot.value(KernelCounter.TIME_WAITS)).isEqualTo(123_456);
        assertThat(snapshot.value(KernelCounter.OUT_RESETS)).isEqualTo(63);
        assertThat(snapshot.value("TcpExt.PAWSPassive")).hasValue(0);
        assertThat(snapshot.value(KernelCounter.IN_CHECKSUM_ERRORS)).isZero();
        assertThat(snapshot.value("Tcp.InCsumErrors")).isEmpty();
    }

    @Test
    void deltaHoldsWhatMovedWithoutGauges() {
        CounterSnapshot earlier = of("Tcp: CurrEstab ActiveOpens OutRsts\nTcp: 5 10 1\n", "TcpExt: TW\nTcpExt: 7\n");
        CounterSnapshot later = of("Tcp: CurrEstab ActiveOpens OutRsts\nTcp: 9 33 1\n", "TcpExt: TW\nTcpExt: 8\n");
        assertThat(later.deltaSince(earlier)).containsOnly(entry("Tcp.ActiveOpens", 23), entry("TcpExt.TW", 1));
        assertThat(later.deltaSince(later)).isEmpty();
    }

    private static Map.Entry<String, Long> entry(String name, long delta) {
        return Map.entry(name, delta);
    }

    @Test
    void unknownNewCounterIsCarriedByName() {
        CounterSnapshot earlier = of("", "TcpExt: TW TCPBrandNew\nTcpExt: 1 2\n");
        CounterSnapshot later = of("", "TcpExt: TW TCPBrandNew\nTcpExt: 1 9\n");
        assertThat(later.deltaSince(earlier)).containsOnly(entry("TcpExt.TCPBrandNew", 7));
    }

    @Test
    void headerThatChangedIsComparedByName() {
        CounterSnapshot earlier = of("", "TcpExt: TW TWKilled\nTcpExt: 1 2\n");
        CounterSnapshot later = of("", "TcpExt: TWKilled Added TW\nTcpExt: 5 4 1\n");
        assertThat(later.deltaSince(earlier)).containsOnly(entry("TcpExt.TWKilled", 3), entry("TcpExt.Added", 4));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 5, 5",
        "5, 5, 0",
        "4294967295, 4, 5",
        "4294967290, 4294967295, 5",
        "-1, 4, 5",
        "-10, -5, 5",
        "4294967296, 4294967300, 4",
        "100, 98, 0",
        "9000000000, 8999999990, 0",
        "9223372036854775807, -9223372036854775808, 1"
    })
    void differenceGoesOverAWrapAndNeverBack(long earlier, long later, long delta) {
        assertThat(CounterSnapshot.delta(earlier, later)).isEqualTo(delta);
    }

    @Test
    void valuesUpToTheLast64BitNumberAreKept() {
        assertThat(of("", "TcpExt: A\nTcpExt: 18446744073709551615\n").value("TcpExt.A"))
                .hasValue(-1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n\n\n",
                "TcpExt:",
                "TcpExt: A B",
                "TcpExt: A B\n",
                "TcpExt: A B\nTcpExt:",
                "TcpExt: A B\nIpExt: 1 2\n",
                "TcpExt: A B\nTcpExt: x y\n",
                "TcpExt: A B\nTcpExt: 123456789012345678901234567890 1\n",
                ":::\n:::\n",
                "no colon\nno colon\n"
            })
    void whatIsNotThereIsNotReported(String netstat) {
        assertThat(of("", netstat).values()).isEmpty();
    }

    @Test
    void valuesEndAtTheFirstWordThatIsNoNumber() {
        assertThat(of("", "TcpExt: A B C\nTcpExt: 1 x 3\n").values()).containsOnly(entry("TcpExt.A", 1));
        assertThat(of("", "TcpExt: A B C\nTcpExt: 1 2\n").values()).hasSize(2);
        assertThat(of("", "TcpExt: A\nTcpExt: 1 2 3\n").values()).hasSize(1);
    }

    @Test
    void sectionAfterABrokenPairIsStillRead() {
        assertThat(of("", "TcpExt: A B\nIpExt: A\nIpExt: 1\nTcpExt: C\nTcpExt: 4\n")
                        .values())
                .containsOnly(entry("TcpExt.C", 4));
    }

    @Test
    void everyPrefixAndManyMutationsAreSurvived() {
        byte[] netstat = Fixture.bytes(CounterSnapshotTest.class, "linux-6.18.netstat");
        for (int length = 0; length < netstat.length; length += 7) {
            assertThat(CounterSnapshot.of(new byte[0], Arrays.copyOf(netstat, length), NO_SOCKETS))
                    .isNotNull();
        }
        Random random = new Random(23);
        for (int i = 0; i < 300; i++) {
            byte[] mutated = netstat.clone();
            for (int j = 0; j < 20; j++) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
            }
            assertThat(CounterSnapshot.of(new byte[0], mutated, NO_SOCKETS)).isNotNull();
        }
    }

    @Test
    void socketTotalsAreReadByName() {
        SocketStat old = SocketStat.parse(Fixture.text(getClass(), "linux-3.10.sockstat"), "");
        assertThat(old).isEqualTo(new SocketStat(9, 0, 1, 27_477, 12, 3));
        SocketStat now = SocketStat.parse(
                Fixture.text(getClass(), "linux-6.18.sockstat"), Fixture.text(getClass(), "linux-6.18.sockstat6"));
        assertThat(now.timeWait()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "TCP:", "TCP: inuse", "TCP: inuse x tw -3", "UDP: inuse 4 tw 5", "TCP: inuse 99"})
    void brokenSocketTotalsAreZeroOrWhatIsThere(String sockstat) {
        assertThat(SocketStat.parse(sockstat, sockstat).timeWait()).isZero();
    }

    @Test
    void liveCountersAreReadable() {
        CounterSnapshot first = CounterSnapshot.read();
        assertThat(first.values()).containsKeys("Tcp.ActiveOpens", "TcpExt.ListenOverflows");
        assertThat(CounterSnapshot.read().deltaSince(first).values()).allMatch(delta -> delta > 0);
    }
}
