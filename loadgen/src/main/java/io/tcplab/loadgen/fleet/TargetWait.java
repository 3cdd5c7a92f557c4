package io.tcplab.loadgen.fleet;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.run.RemoteOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Waits for the targets that the engine starts at the same time, and for what observes them: until each name resolves and each takes a
 * connection, or for {@link #MOST_NANOS}; what is wrong then the run itself finds out. Of a target on this host nothing is asked: no
 * connection is to be in its books that the load did not make.
 */
final class TargetWait {

    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long AGAIN_MILLIS = 200;
    private static final int CONNECT_MILLIS = 2_000;

    private TargetWait() {}

    static void until(Profile profile, RemoteOptions remote, Leader lead) {
        List<Endpoint> elsewhere = Stream.concat(
                        profile.askedTargets().stream(), Optional.ofNullable(remote.observe()).stream())
                .filter(each -> !isHere(each))
                .toList();
        if (elsewhere.isEmpty() || remote.keepGoing()) {
            return;
        }
        long latestNanos = System.nanoTime() + MOST_NANOS;
        while (!lead.hasEnded()
                && !elsewhere.stream().allMatch(TargetWait::isThere)
                && System.nanoTime() < latestNanos) {
            try {
                TimeUnit.MILLISECONDS.sleep(AGAIN_MILLIS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static boolean isHere(Endpoint target) {
        return target.host().equals("localhost")
                || target.literal().map(address -> address.isLoopbackAddress()).orElse(false);
    }

    private static boolean isThere(Endpoint target) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(target.host(), target.port()), CONNECT_MILLIS);
            socket.setSoLinger(true, 0);
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
