package io.tcplab.loadgen.rounds.docker;

import io.tcplab.kernel.Printable;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.OwnServer;
import io.tcplab.loadgen.plan.OwnServer.Ready;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * Whether a server in a container is ready, as its profile says: seen by an observer in its network, so that not one connection is made
 * where the profile asks for none.
 *
 * @param host the one of the two that has the network
 */
record ImageReadiness(OwnServer plan, CellContainer server, CellContainer observer, CellContainer host) {

    private static final long LOOK_NANOS = 50_000_000;

    /** Prints the local addresses of all listening sockets, of proc_net(5): state 0A. */
    private static final List<String> LISTENERS =
            List.of("sh", "-c", "cat /proc/net/tcp /proc/net/tcp6 | awk '$4 == \"0A\" {print $2}'");

    /**
     * Succeeds where a GET of HOST:PORT/PATH is answered with a status below 400, over TLS where plain HTTP is not. One that listens may
     * not answer at all yet, and busybox's wget waits for 15 minutes.
     */
    private static final String GET = "timeout 2 wget -q -O /dev/null \"http://$1\""
            + " || timeout 2 wget -q -O /dev/null --no-check-certificate \"https://$1\"";

    /**
     * Returns once it is ready; throws where it has ended, or is not ready in time. The first {@code saidBefore} characters that it has
     * printed are of an earlier start. Unless it {@code probes}, as it does not while a load runs whose connections the kernels count, a
     * server that listens needs not answer by HTTP.
     */
    void await(int saidBefore, boolean probes) throws CannotRun {
        long began = System.nanoTime();
        while (true) {
            server.refuseEnded(plan);
            List<String> listeners = listeners();
            boolean reached = listeners.stream().anyMatch(each -> !isLoopback(each));
            if (reached && isReady(saidBefore, probes)) {
                return;
            }
            if (System.nanoTime() - began > plan.readyTimeoutNanos()) {
                throw new CannotRun(notReady(listeners, reached) + server.printed() + ".");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** Addresses of the sockets that listen on its port, in hexadecimal as proc_net(5) has them. */
    private List<String> listeners() throws CannotRun {
        String port = String.format(Locale.ROOT, ":%04X", plan.port());
        return observer.call(LISTENERS)
                .getStdout()
                .lines()
                .filter(line -> line.endsWith(port))
                .map(line -> line.substring(0, line.length() - port.length()))
                .toList();
    }

    private static boolean isLoopback(String address) {
        return address.equals("0100007F")
                || address.equals("00000000000000000000000001000000")
                || address.equals("0000000000000000FFFF00000100007F"); // ::ffff:127.0.0.1, as a JVM binds to 127.0.0.1
    }

    private boolean isReady(int saidBefore, boolean probes) throws CannotRun {
        return switch (plan.ready()) {
            case Ready.Connect _ -> true;
            case Ready.Log log -> server.said().indexOf(log.text(), saidBefore) >= 0;
            case Ready.Http _ when !probes -> true;
            case Ready.Http http ->
                observer.call(List.of("sh", "-c", GET, "get", host.address() + ":" + plan.port() + http.path()))
                                .getExitCode()
                        == 0;
        };
    }

    private String notReady(List<String> listeners, boolean reached) {
        String within = " within " + Duration.ofNanos(plan.readyTimeoutNanos()).toMillis() / 1e3 + " s";
        if (!reached) {
            return listeners.isEmpty()
                    ? "The container of " + plan.image() + " did not listen on port " + plan.port() + within
                    : "The container of " + plan.image() + " listens on port " + plan.port()
                            + " of its loopback address alone, which no other container reaches: let it listen on 0.0.0.0";
        }
        return switch (plan.ready()) {
            case Ready.Log log ->
                "The container of " + plan.image() + " did not print \"" + Printable.line(log.text()) + "\"" + within;
            case Ready.Http http ->
                "The container of " + plan.image() + " did not answer GET " + http.path() + " with a status below 400"
                        + within;
            case Ready.Connect _ -> "The container of " + plan.image() + " was not ready" + within;
        };
    }
}
