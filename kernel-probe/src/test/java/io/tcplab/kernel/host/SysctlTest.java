package io.tcplab.kernel.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.host.SysctlRefused.Reason;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class SysctlTest {
    @Test
    void keysAreWrittenWithDotsOrSlashes() {
        assertThat(Sysctl.read("net.ipv4.tcp_tw_reuse")).isPresent().isEqualTo(Sysctl.read("net/ipv4/tcp_tw_reuse"));
    }

    @Test
    void whiteSpaceIsMadeSingleSpaces() {
        assertThat(Sysctl.read("net.ipv4.ip_local_port_range"))
                .hasValueSatisfying(value -> assertThat(value).matches("\\d+ \\d+"));
        assertThat(Sysctl.normalise(" 32768\t60999\n")).isEqualTo("32768 60999");
    }

    @Test
    void absentKeyIsEmpty() {
        assertThat(Sysctl.read("net.ipv4.tcp_no_such_thing")).isEmpty();
        assertThat(Sysctl.readNumber("net.ipv4.ip_local_port_range")).isEmpty();
    }

    @Test
    void hostIsNeverWritten() {
        Optional<String> before = Sysctl.read("net.ipv4.tcp_tw_reuse");
        assertThatThrownBy(() -> Sysctl.write("net.ipv4.tcp_tw_reuse", before.orElse("2")))
                .isInstanceOfSatisfying(SysctlRefused.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(Reason.HOST_NAMESPACE);
                    assertThat(refused.readBack()).isEqualTo(before);
                    assertThat(refused.key()).isEqualTo("net.ipv4.tcp_tw_reuse");
                });
        assertThatThrownBy(() -> Sysctl.write("vm.swappiness", "60")).isInstanceOf(SysctlRefused.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "net", ".net.ipv4", "net..ipv4", "net/../kernel/x", "../etc/passwd", "/etc/passwd", "a b.c"})
    void whatIsNoKeyIsRefused(String key) {
        assertThatThrownBy(() -> Sysctl.read(key)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void portSetsAreComparedAsSets() {
        assertThat(Sysctl.sameValue("net.ipv4.ip_local_reserved_ports", "1-3,9", "9,1,2,3"))
                .isTrue();
        assertThat(Sysctl.sameValue("net.ipv4.ip_local_reserved_ports", "", "")).isTrue();
        assertThat(Sysctl.sameValue("net.ipv4.ip_local_reserved_ports", "1-3", "1-4"))
                .isFalse();
        assertThat(Sysctl.sameValue("net.ipv4.tcp_rmem", "4096\t1\t2", "4096 1 2"))
                .isTrue();
        assertThat(Sysctl.sameValue("net.ipv4.tcp_fin_timeout", "60", "61")).isFalse();
    }
}
