package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.companion.Companion;
import io.tcplab.companion.control.SettingsJson;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The companion's accept delay is a pace. */
@Timeout(60)
class AcceptPaceIT {

    private static final int CONNECTIONS = 40;
    private static final long DELAY_MILLIS = 20;

    /** So many accepts take no less than so many delays but one, which may be made up for, however slow the machine is. */
    @Test
    void noneIsAcceptedAheadOfThePace() throws Exception {
        try (Companion companion = Companion.start(SettingsJson.read(
                "{\"protocol\": \"ECHO\", \"acceptDelayNanos\": " + DELAY_MILLIS * 1_000_000 + "}"))) {
            long began = System.nanoTime();
            List<Socket> sockets = new ArrayList<>();
            try {
                for (int i = 0; i < CONNECTIONS; i++) {
                    sockets.add(connected(companion.address()));
                }
                for (Socket socket : sockets) {
                    socket.getOutputStream().write('x');
                }
                for (Socket socket : sockets) {
                    assertThat(socket.getInputStream().read()).isEqualTo('x');
                }
            } finally {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began))
                    .isGreaterThanOrEqualTo((CONNECTIONS - 2) * DELAY_MILLIS);
        }
    }

    private static Socket connected(InetSocketAddress to) throws IOException {
        Socket socket = new Socket();
        socket.connect(to);
        return socket;
    }
}
