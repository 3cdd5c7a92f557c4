package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.companion.AcceptSettings;
import io.tcplab.companion.CloseOnAccept;
import io.tcplab.companion.Companion;
import io.tcplab.companion.CompanionSettings;
import io.tcplab.companion.ServedProtocol;
import io.tcplab.companion.ServedTls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether a server is ready, asked by HTTP. */
@Timeout(60)
class HttpProbeIT {

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theStatusIsFoundWhetherTheServerSpeaksTlsOrNot(boolean tls) throws Exception {
        ServedTls served = tls ? ServedTls.SELF_SIGNED : null;
        try (Companion companion = Companion.start(new CompanionSettings(
                "127.0.0.1", 0, AcceptSettings.DEFAULTS, ServedProtocol.HTTP, CloseOnAccept.NONE, served, 0))) {
            assertThat(HttpProbe.status(companion.address(), "/")).isEqualTo(200);
        }
    }

    @Test
    void whereNobodyListensThereIsNone() throws Exception {
        InetSocketAddress nobody;
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), any.getLocalPort());
        }
        assertThat(HttpProbe.status(nobody, "/")).isZero();
    }
}
