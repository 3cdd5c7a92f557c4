package io.tcplab.kernel.counters;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.Fixture;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(20)
class KernelCounterTest {
    private static final Set<String> OF_THIS_KERNEL = CounterSnapshot.of(
                    Fixture.bytes(KernelCounterTest.class, "linux-6.18.snmp"),
                    Fixture.bytes(KernelCounterTest.class, "linux-6.18.netstat"),
                    SocketStat.parse("", ""))
            .values()
            .keySet();

    @ParameterizedTest
    @EnumSource
    void everyEntryIsDescribedAndFound(KernelCounter counter) {
        assertThat(counter.id()).matches("[a-z][a-zA-Z0-9]+");
        assertThat(counter.label()).isNotBlank().doesNotEndWith(".").hasSizeLessThan(50);
        assertThat(counter.meaning()).endsWith(".").hasSizeGreaterThan(30);
        assertThat(KernelCounter.byKernelName(counter.kernelName())).contains(counter);
    }

    @ParameterizedTest
    @EnumSource
    void everyEntryIsACounterOfARealKernel(KernelCounter counter) {
        assertThat(counter.kernelName().startsWith("sockstat.") || OF_THIS_KERNEL.contains(counter.kernelName()))
                .as(counter.kernelName())
                .isTrue();
    }

    @Test
    void everyTcpCounterIsDescribed() {
        Set<String> described = Arrays.stream(KernelCounter.values())
                .map(KernelCounter::kernelName)
                .collect(Collectors.toSet());
        Set<String> missing = new HashSet<>(OF_THIS_KERNEL);
        missing.removeIf(name -> described.contains(name) || !name.startsWith("Tcp."));
        assertThat(missing).isEmpty();
        assertThat(KernelCounter.values()).hasSizeGreaterThan(100);
    }
}
