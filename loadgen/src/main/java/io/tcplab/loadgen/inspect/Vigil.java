package io.tcplab.loadgen.inspect;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.host.SocketOwner;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Watches over a server's process from the beginning of an inspection to its end. */
final class Vigil implements AutoCloseable {

    private static final long SETTLES_NANOS = 1_500_000_000L;
    private static final int LOOK_MILLIS = 50;
    private static final int MOST_CRASHES = 5;

    /** What programs print when they crash: a shell's, the kernel's, a runtime's or nginx's words for it. */
    private static final Pattern CRASH = Pattern.compile(
            "segfault|segmentation fault|core dumped|exited on signal|panic:"
                    + "|\\bpanicked\\b|assertion .*failed|stack smashing|double free|out of memory|OutOfMemoryError|StackOverflowError"
                    + "|Exception in thread|unhandled exception|uncaught exception|\\[emerg\\]|bug report start",
            Pattern.CASE_INSENSITIVE);

    private final Witness witness;
    private final SocketOwner owner;
    private final OptionalLong before;
    private final ServerLog log;

    private Vigil(Witness witness, SocketOwner owner, ServerLog log) {
        this.witness = witness;
        this.owner = owner;
        this.before = witness.descriptors();
        this.log = log;
    }

    /** Begins; empty where the server's process is not seen from here. {@code more} is a further source of its log. */
    static Optional<Vigil> begin(Optional<Witness> witness, @Nullable ServerLog more) {
        if (witness.isEmpty()) {
            return Optional.empty();
        }
        return witness.get()
                .owner()
                .map(owner -> new Vigil(
                        witness.get(), owner, ServerLog.of(owner.pid()).and(more)));
    }

    /** What became of it. {@code ports} are those that the inspection connected from, {@code stopped} whether it stopped it itself. */
    ServerHealth end(Set<Integer> ports, boolean stopped) {
        long deadline = System.nanoTime() + SETTLES_NANOS;
        OptionalLong after = descriptors();
        long left = closeWaits(ports);
        while ((left > 0 || more(after)) && System.nanoTime() < deadline) {
            pause();
            after = descriptors();
            left = closeWaits(ports);
        }
        List<String> lines = log.lines();
        boolean replaced = !stopped
                && witness.owner().filter(now -> now.pid() == owner.pid()).isEmpty()
                && ProcessHandle.of(owner.pid()).isEmpty();
        return new ServerHealth(
                owner.pid(),
                owner.program(),
                owner.processes(),
                replaced,
                number(before),
                number(after),
                left,
                log.names(),
                lines.size(),
                lines.stream()
                        .filter(line -> CRASH.matcher(line).find())
                        .limit(MOST_CRASHES)
                        .toList());
    }

    private static @Nullable Long number(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    private boolean more(OptionalLong now) {
        return now.isPresent() && before.isPresent() && now.getAsLong() > before.getAsLong();
    }

    private OptionalLong descriptors() {
        return witness.descriptors();
    }

    private long closeWaits(Set<Integer> ports) {
        return witness.sockets().stream()
                .filter(each -> each.state() == TcpState.CLOSE_WAIT
                        && ports.contains(each.remote().getPort()))
                .count();
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        log.close();
    }
}
