package io.tcplab.loadgen.run;

import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.record.ConnectionOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;

/**
 * A few connections ahead of a load, to a listener of this process: the first connection of a process takes milliseconds, in which its
 * classes are loaded and linked, and where several generators begin at one moment on one host, each waits for the others' as well.
 *
 * <p>To be played before any kernel is observed. It leaves no TIME_WAIT: every connection is reset. Where it cannot be played, such as in a
 * namespace whose loopback device is down, nothing is: the load needs none.
 */
public final class Rehearsal {

    static final int CONNECTIONS = 64;
    private static final int PATIENCE_MILLIS = 1_000;

    private static final String PROFILE = """
            duration: 1s
            connections: %d
            load: {closed: {concurrency: 2}}
            client: {connectTimeout: 200ms, exchangeTimeout: 200ms, closeTimeout: 200ms}
            protocol: echo
            mix: [{name: rehearsed, close: {by: client, how: rst}}]
            """.formatted(CONNECTIONS);

    private Rehearsal() {}

    /** Plays it; returns how many connections came to their planned end, at most {@value #CONNECTIONS}. */
    public static long play() {
        try (ServerSocket listener = new ServerSocket(0, CONNECTIONS, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon(true).name("rehearsal").start(() -> serve(listener));
            Profile profile = ProfileReader.read("rehearsal", PROFILE, List.of());
            InetSocketAddress target = (InetSocketAddress) listener.getLocalSocketAddress();
            return new LoadRun(profile, target, 1, LoopCpus.ANY)
                    .execute(_ -> {})
                    .total()
                    .outcome(ConnectionOutcome.COMPLETED);
        } catch (IOException | IllegalStateException _) {
            return 0;
        }
    }

    /** Echoes to one connection after the other until the listener is closed. */
    private static void serve(ServerSocket listener) {
        while (!listener.isClosed()) {
            try (Socket peer = listener.accept()) {
                peer.setSoTimeout(PATIENCE_MILLIS);
                echo(peer);
            } catch (IOException _) {
                // It was reset, as planned, or the listener was closed.
            }
        }
    }

    private static void echo(Socket peer) throws IOException {
        InputStream in = peer.getInputStream();
        OutputStream out = peer.getOutputStream();
        byte[] bytes = new byte[4096];
        for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
            out.write(bytes, 0, count);
        }
    }
}
