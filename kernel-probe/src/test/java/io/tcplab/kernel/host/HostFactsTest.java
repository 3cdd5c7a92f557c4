package io.tcplab.kernel.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class HostFactsTest {
    @Test
    void theLoadAverageMayBeHidden() {
        assertThat(HostFacts.loadAverage("0.52 0.58 0.59 1/467 12345\n")).hasValue(0.52);
        assertThat(HostFacts.loadAverage("")).isEmpty();
        assertThat(HostFacts.loadAverage("\n")).isEmpty();
        assertThat(HostFacts.loadAverage("nonsense")).isEmpty();
    }

    @Test
    void thisMachineIsDescribed() {
        HostFacts facts = HostFacts.read();
        assertThat(facts.kernelRelease()).isEqualTo(System.getProperty("os.version"));
        assertThat(facts.cpus()).isPositive();
        assertThat(facts.memoryBytes().orElseThrow()).isGreaterThan(1 << 20);
    }

    @Test
    void whatIsNotSaidIsAbsent() {
        assertThat(HostFacts.cpuModel(List.of("processor\t: 0", "CPU part\t: 0xd0c")))
                .isEmpty();
        assertThat(HostFacts.cpuModel(List.of("model name\t: Some CPU: fast"))).contains("Some CPU: fast");
        assertThat(HostFacts.kilobytes(List.of("MemTotal:", "MemTotal: x kB"), "MemTotal:"))
                .isEmpty();
        assertThat(HostFacts.kilobytes(List.of("MemTotal:       16 kB"), "MemTotal:"))
                .hasValue(16_384);
    }

    @Test
    void limitsOfThisNamespaceAreRead() {
        Limits limits = Limits.read();
        assertThat(limits.softDescriptors()).isPositive();
        assertThat(limits.portRange()).isPresent();
        assertThat(limits.ephemeralPorts().orElseThrow()).isPositive();
        assertThat(limits.somaxconn()).isPresent();
        assertThat(limits.finTimeoutSeconds()).isPresent();
        assertThat(Limits.softDescriptorsOf(ProcessHandle.current().pid())).hasValue(limits.softDescriptors());
        assertThat(Limits.softDescriptorsOf(Long.MAX_VALUE)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|28232",
                "8080|28232",
                "32768|28231",
                "32768-32777|28222",
                "1-32768,60999-65535|28230",
                "40000,40000-40001|28230",
                "nonsense|28232",
                "5-1|28232"
            })
    void reservedPortsAreNotCounted(String reserved, int left) {
        assertThat(new PortRange(32_768, 60_999).sizeWithout(reserved, Set.of()))
                .isEqualTo(left);
    }

    @Test
    void aPortOutsideTheRangeOrReservedIsNeverPicked() {
        PortRange range = new PortRange(1024, 65_535);
        assertThat(range.mayPick(9000, "")).isTrue();
        assertThat(range.mayPick(9000, "8000-8999,9001")).isTrue();
        assertThat(range.mayPick(9000, "8000-9000")).isFalse();
        assertThat(range.mayPick(80, "")).isFalse();
    }

    @Test
    void portsOfListenersAreNotCountedEither() {
        assertThat(new PortRange(32_768, 60_999).sizeWithout("40000", Set.of(22, 40_000, 40_001)))
                .isEqualTo(28_230);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1 2 3", "2 1", "a b", "0 65536", "-1 5"})
    void whatIsNoRangeIsEmpty(String text) {
        assertThat(PortRange.parse(text)).isEmpty();
    }

    @Test
    void rangeHoldsBothEnds() {
        assertThat(PortRange.parse("40000\t40099\n")).contains(new PortRange(40_000, 40_099));
        assertThat(new PortRange(40_000, 40_099).size()).isEqualTo(100);
        assertThatThrownBy(() -> new PortRange(5, 4)).isInstanceOf(IllegalArgumentException.class);
    }
}
