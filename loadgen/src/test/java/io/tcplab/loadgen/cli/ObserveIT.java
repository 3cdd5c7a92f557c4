package io.tcplab.loadgen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ObserveIT {

    /** Between the first look and the last there is none here: what came meanwhile is seen all the same, and judged. */
    @Test
    void theLastLookIsTakenAtTheEndWhateverItCosts() throws Exception {
        StringWriter text = new StringWriter();
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(server.getLocalPort());
            CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> Tcplab.commandLine()
                    .setOut(new PrintWriter(text))
                    .execute("observe", "--port", port, "--for", "2s", "--interval", "50s", "--json"));
            TimeUnit.SECONDS.sleep(1);
            new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort()).close();
            try (Socket _ = server.accept()) {
                assertThat(code.get()).isZero();
            }
        }
        assertThat(text.toString())
                .contains("\"observations\" : 2", "\"CLOSE_WAIT\" : 1", "\"code\" : \"closeWaitStays\"");
    }
}
