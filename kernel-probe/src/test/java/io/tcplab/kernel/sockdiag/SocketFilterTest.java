package io.tcplab.kernel.sockdiag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.sockdiag.SocketFilter.End;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(20)
class SocketFilterTest {
    private static final int[] PORTS = {0, 1, 8999, 9000, 9001, 32_768, 65_535};

    @ParameterizedTest
    @EnumSource
    void programDecidesAsTheFilterSays(End end) {
        SocketFilter filter = new SocketFilter(end, end == End.ALL ? 0 : 9000);
        for (int local : PORTS) {
            for (int remote : PORTS) {
                assertThat(run(filter.program(), local, remote))
                        .as("%s %d %d", end, local, remote)
                        .isEqualTo(filter.matches(local, remote));
            }
        }
    }

    @Test
    void highestPortFitsTheProgram() {
        assertThat(run(SocketFilter.localPort(65_535).program(), 65_535, 1)).isTrue();
        assertThat(run(SocketFilter.localPort(65_535).program(), 65_534, 1)).isFalse();
    }

    @Test
    void portOutOfRangeIsRefused() {
        assertThatThrownBy(() -> SocketFilter.localPort(65_536)).hasMessageContaining("65536");
        assertThatThrownBy(() -> SocketFilter.eitherPort(-1)).hasMessageContaining("-1");
    }

    /** The kernel's interpreter, {@code inet_diag_bc_run} in {@code net/ipv4/inet_diag.c}. */
    private static boolean run(byte[] program, int local, int remote) {
        ByteBuffer code = ByteBuffer.wrap(program).order(ByteOrder.nativeOrder());
        int at = 0;
        while (at < program.length) {
            int port = at + 8 <= program.length ? code.getShort(at + 6) & 0xffff : -1;
            boolean yes = switch (code.get(at)) {
                case 1 -> false;
                case 2 -> local >= port;
                case 3 -> local <= port;
                case 4 -> remote >= port;
                case 5 -> remote <= port;
                default -> throw new AssertionError("code " + code.get(at));
            };
            at += yes ? code.get(at + 1) : code.getShort(at + 2);
        }
        return at == program.length;
    }
}
