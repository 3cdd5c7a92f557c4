package io.tcplab.loadgen.run;

import io.tcplab.kernel.Printable;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.host.ProcessTree;
import io.tcplab.kernel.host.SocketOwner;
import io.tcplab.kernel.host.SocketOwners;
import io.tcplab.kernel.namespace.GuardedProgram;
import io.tcplab.kernel.sockdiag.ListenerReading;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.OwnServer;
import io.tcplab.loadgen.plan.OwnServer.Ready;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Waits until a server of the user's is ready, or says in a sentence why it is not. Used by the thread that starts it;
 * {@link #line} by others.
 */
final class ServerStart {

    private static final long LOOK_MILLIS = 10;

    /** What a shell ends with where it cannot execute a program, and where there is none. */
    private static final int NOT_EXECUTABLE = 126;

    private static final int NOT_FOUND = 127;

    /** How long the workers of a server that listens are given to fail for want of a second user. */
    private static final long WORKERS_FAIL_MILLIS = 200;

    /** How long the first process of a server that listens is given to end. */
    private static final long DAEMON_MILLIS = 100;

    private final OwnServer plan;
    private final ServerPlace place;

    /** Whether it may be asked for a response: a connection that the kernels count, too. */
    private final boolean probes;

    /** Whether nobody waits for it any more; asked each time that it is looked at. */
    private final BooleanSupplier interrupted;

    /** Whether the line that is waited for was printed; volatile: another thread hears the server. */
    private volatile boolean logged;

    ServerStart(OwnServer plan, ServerPlace place, boolean probes, BooleanSupplier interrupted) {
        this.plan = plan;
        this.place = place;
        this.probes = probes;
        this.interrupted = interrupted;
        this.logged = !(plan.ready() instanceof Ready.Log);
    }

    /** To be called with each line that the server prints. */
    void line(String line) {
        if (plan.ready() instanceof Ready.Log log && line.contains(log.text())) {
            logged = true;
        }
    }

    /** Otherwise the load would go to another server, and the complaint of the user's would be all that is seen of it. */
    void refuseTakenPort() throws CannotRun {
        List<ListenerReading> listeners = place.listeners(plan.port());
        Optional<InetSocketAddress> taken = place.reached(listeners, plan.port());
        if (taken.isPresent()) {
            String by = new SocketOwners()
                            .of(listeners.stream().map(ListenerReading::inode).collect(Collectors.toUnmodifiableSet()))
                            .values()
                            .stream()
                            .findFirst()
                            .map(ServerStart::named)
                            .orElse("a process of another user");
            throw new CannotRun("server.port " + plan.port() + " is taken: " + by + " listens on "
                    + Endpoint.text(taken.get()) + " already. End it, choose another port, or use --isolate netns.");
        }
    }

    private static String named(SocketOwner owner) {
        return owner.program() + " (pid " + owner.pid() + ")";
    }

    /** Returns where clients reach it, once it is ready. */
    InetSocketAddress await(GuardedProgram program) throws CannotRun {
        long began = System.nanoTime();
        while (true) {
            if (interrupted.getAsBoolean()) {
                throw new CannotRun("Interrupted before the server was ready: nothing was run.");
            }
            if (program.exitCode().isDone()) {
                throw new CannotRun(ended(program));
            }
            Optional<InetSocketAddress> listens = place.reached(place.listeners(plan.port()), plan.port());
            if (listens.isPresent() && logged && answers(listens.get())) {
                refuseFailingWorkers(program);
                refuseDaemon(program);
                return listens.get();
            }
            if (System.nanoTime() - began > plan.readyTimeoutNanos()) {
                throw new CannotRun(notReady(listens.isPresent()) + StartedServer.printed(program.lastLines()) + "."
                        + otherPorts(program) + heldBack(program, listens.isPresent()) + OneUser.why(program));
            }
            pause();
        }
    }

    private boolean answers(InetSocketAddress address) {
        if (!probes || !(plan.ready() instanceof Ready.Http http)) {
            return true;
        }
        int status = HttpProbe.status(address, http.path());
        return status >= 200 && status < 400;
    }

    private String ended(GuardedProgram program) throws CannotRun {
        int code = program.exitCode().getNow(0);
        String why = switch (code) {
            case 0 ->
                (place.listeners(plan.port()).isEmpty()
                                ? " A server that puts itself into the background ends so:"
                                : " A process that it has left behind listens on port " + plan.port()
                                        + ", as a daemon does:")
                        + " keep it in the foreground (nginx: daemon off).";
            case NOT_EXECUTABLE -> " The shell was not permitted to execute the program: check its mode and its path.";
            case NOT_FOUND -> " The shell found no such program: check the command, and PATH.";
            default -> "";
        };
        return "server.command ended with exit code " + code + " before it was ready"
                + StartedServer.printed(program.lastWords()) + "." + why + OneUser.why(program);
    }

    private String notReady(boolean listens) throws CannotRun {
        String within = " within " + Duration.ofNanos(plan.readyTimeoutNanos()).toMillis() / 1e3 + " s";
        if (!listens) {
            String elsewhere = place.listeners(plan.port()).stream()
                    .map(each -> Endpoint.text(each.address()))
                    .collect(Collectors.joining(", "));
            InetAddress wanted = place.addresses().getFirst();
            return elsewhere.isEmpty()
                    ? "server.command did not listen on port " + plan.port() + within
                    : "server.command listens on " + elsewhere + ", where its clients cannot reach it; they connect to "
                            + wanted.getHostAddress() + ": let it listen on 0.0.0.0 or on $TCPLAB_ADDRESS";
        }
        return switch (plan.ready()) {
            case Ready.Log log -> "server.command did not print \"" + Printable.line(log.text()) + "\"" + within;
            case Ready.Http http ->
                "server.command did not answer GET " + http.path() + " with a status below 400" + within;
            case Ready.Connect _ -> "server.command was not ready" + within;
        };
    }

    /** Where it listens instead, with what to do about it; empty where it listens on its port, or nowhere. */
    private String otherPorts(GuardedProgram program) throws CannotRun {
        Set<Long> processes = Set.copyOf(ProcessTree.pids(program.pid()));
        List<ListenerReading> all = place.listeners();
        if (all.stream().anyMatch(each -> each.port() == plan.port())) {
            return "";
        }
        Map<Long, SocketOwner> owners =
                new SocketOwners().of(all.stream().map(ListenerReading::inode).collect(Collectors.toUnmodifiableSet()));
        String its = all.stream()
                .filter(each -> isHeldBy(processes, owners.get(each.inode())))
                .map(each -> Endpoint.text(each.address()))
                .distinct()
                .collect(Collectors.joining(", "));
        return its.isEmpty()
                ? ""
                : " It listens on " + its + ": set server.port to that, or have it listen on $TCPLAB_PORT.";
    }

    /** A sentence where it listens and has printed nothing at all, as a program does that fills a buffer first (stdio(3)). */
    private String heldBack(GuardedProgram program, boolean listens) {
        return listens
                        && plan.ready() instanceof Ready.Log
                        && program.lastLines().isEmpty()
                ? " It listens on port " + plan.port()
                        + ": a program whose output is a pipe may hold its lines back until a"
                        + " buffer is full (python3 -u, grep --line-buffered, stdbuf -oL), or use ready: connect."
                : "";
    }

    private static boolean isHeldBy(Set<Long> processes, @Nullable SocketOwner owner) {
        return owner != null && processes.contains(owner.pid());
    }

    private static void refuseFailingWorkers(GuardedProgram program) throws CannotRun {
        long began = System.nanoTime();
        while (OneUser.isHere() && System.nanoTime() - began < TimeUnit.MILLISECONDS.toNanos(WORKERS_FAIL_MILLIS)) {
            String why = OneUser.why(program);
            if (!why.isEmpty()) {
                throw new CannotRun("server.command listens, but its workers fail"
                        + StartedServer.printed(program.lastLines()) + "." + why);
            }
            pause();
        }
    }

    /** One that puts itself into the background may listen before its first process ends: none of it would be seen from then on. */
    private void refuseDaemon(GuardedProgram program) throws CannotRun {
        long began = System.nanoTime();
        while (System.nanoTime() - began < TimeUnit.MILLISECONDS.toNanos(DAEMON_MILLIS)) {
            if (program.exitCode().isDone()) {
                throw new CannotRun(ended(program));
            }
            pause();
        }
    }

    private static void pause() throws CannotRun {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotRun("Interrupted while the server was started.", e);
        }
    }
}
