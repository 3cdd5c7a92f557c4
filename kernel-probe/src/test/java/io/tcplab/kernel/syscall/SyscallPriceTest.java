package io.tcplab.kernel.syscall;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SyscallPriceTest {

    @Test
    void aCallCostsMoreThanNothingAndLessThanTheTimeOfASlowMachine() {
        assertThat(SyscallPrice.nanos()).isBetween(20L, 100_000L);
    }
}
