package io.tcplab.loadgen.lab.published;

import io.tcplab.kernel.syscall.NativeSocket;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** P5: 2000 requests a second by the clock, while the server stands still once. */
public final class RequestsDuringAStall implements Experiment {
    private static final int RATE = 2000;
    private static final int REQUESTS = 15_000;
    private static final int STALL_MILLIS = 700;
    private static final int STALL_AT = 4000;
    private static final int WORTH_SAYING = 5;

    @Override
    public Card card() {
        return Card.of("P5", "Coordinated omission: a stall that the clock sees and the caller does not")
                .hypothesis("Timed from the actual start, one long stall hardly shows at p99.")
                .needs(Need.NAMESPACES)
                .verifies("p99 of the same requests, from the time each was due and from the time each was sent.")
                .because(
                        "One connection sends by the clock, 2000 requests per second; late requests are sent as soon as possible.")
                .reading(
                        "giltene/wrk2 README (coordinated omission), RFC 2330 §11.1 (sampling by the clock), clock_nanosleep(2)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Connection connection = lab.connected();
        NativeSocket server = connection.server().raw();
        Thread echo = Thread.ofPlatform().daemon(true).name("lab-echo").start(() -> echo(server));
        long[] fromDue = new long[REQUESTS];
        long[] fromSent = new long[REQUESTS];
        NativeSocket client = connection.client().raw();
        long start = System.nanoTime();
        for (int i = 0; i < REQUESTS; i++) {
            long due = start + i * TimeUnit.SECONDS.toNanos(1) / RATE;
            LockSupport.parkNanos(due - System.nanoTime());
            long sent = Math.max(due, System.nanoTime());
            var _ = client.send(new byte[64], 0);
            var _ = client.await(NativeSocket.POLLIN, 5000);
            lab.expect(client.recv(new byte[64], 0).value() > 0, "each request is answered");
            long end = System.nanoTime();
            fromDue[i] = end - due;
            fromSent[i] = end - sent;
        }
        connection.client().close();
        echo.join();
        long due = lab.figure("p99 in µs, from the intended start", percentile99(fromDue));
        long sent = lab.figure("p99 in µs, from the actual start", percentile99(fromSent));
        lab.time("longest, from the actual start", fromSent[REQUESTS - 1] / 1e9);
        return Finding.published(
                due > WORTH_SAYING * sent,
                "p99 1.27 s from the intended start, 6 ms from the actual one (2000/s, 30 s, a stall of 1.4 s)",
                "p99 " + lab.tenths(due / 1e3) + " ms from the intended start, " + lab.tenths(sent / 1e3)
                        + " ms from the actual one (2000/s, shortened to 7.5 s with a stall of 0.7 s)");
    }

    private static long percentile99(long[] nanos) {
        Arrays.sort(nanos);
        return nanos[nanos.length * 99 / 100] / 1000;
    }

    /** Answers each request, and one of them late. */
    private static void echo(NativeSocket socket) {
        for (int i = 0; ; i++) {
            var _ = socket.await(NativeSocket.POLLIN, 5000);
            NativeSocket.Result read = socket.recv(new byte[64], 0);
            if (!read.ok() || read.value() == 0) {
                return;
            }
            if (i == STALL_AT) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(STALL_MILLIS));
            }
            var _ = socket.send(new byte[64], 0);
        }
    }
}
