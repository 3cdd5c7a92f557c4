package io.tcplab.loadgen.lab.close;

import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Stage;
import java.io.IOException;
import java.net.Socket;

/** C14: the peer closes, we read, we close, we read and write again. */
public final class EndOfStreamThenException implements Experiment {
    @Override
    public Card card() {
        return Card.of("C14", "A read sees the end; after its own close, reads and writes throw")
                .hypothesis("A read returns -1 at the end of the stream; after close() reads and writes throw.")
                .claims(34)
                .verifies("What the Java socket API returns before and after a close.")
                .because("The end is read while the socket is open; the exceptions come after it is closed.")
                .reading("RFC 9293 §3.9.1, recv(2), java.net.Socket");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Listener listener = lab.server().listen(4);
        try (Socket socket =
                lab.client().inside(() -> new Socket(listener.address().getAddress(), listener.port()))) {
            listener.accept().close();
            socket.setSoTimeout(3000);
            int end = socket.getInputStream().read();
            lab.figure("read at the end of the stream", end);
            Socket other =
                    lab.client().inside(() -> new Socket(listener.address().getAddress(), listener.port()));
            var in = other.getInputStream();
            var out = other.getOutputStream();
            other.close();
            boolean threw = throwsIo(in::read) && throwsIo(() -> out.write(1));
            return Finding.holdsIf(
                    end == -1 && threw,
                    "read answered " + end + "; after close() read and write "
                            + (threw ? "threw an exception" : "did not throw"));
        }
    }

    private interface Call {
        void run() throws IOException;
    }

    private static boolean throwsIo(Call call) {
        try {
            call.run();
            return false;
        } catch (IOException _) {
            return true;
        }
    }
}
