package io.tcplab.loadgen.watch;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.host.SocketOwner;
import io.tcplab.kernel.observe.LimitSetBy;
import io.tcplab.kernel.observe.ObservedListener;
import io.tcplab.kernel.sockdiag.ListenerReading;
import java.net.Inet4Address;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One listener of the target over a run, or at the moment that it was looked at: its own queue and drops, and who holds it. What
 * could not be seen is absent.
 *
 * @param address {@code HOST:PORT} that it is bound to
 * @param family of the connections that it takes: {@code IPv4}, {@code IPv6} or {@code IPv4 and IPv6}
 * @param inode of the socket, as in {@code /proc/PID/fd}
 * @param pid of the process that holds it; of several the one with the fewest descriptors left; of several one after the other the one
 *     that accepted nothing, or was stopped
 * @param program that process's name
 * @param processes how many hold it; of several sockets that processes share, how many wait for this one
 * @param stopped how many of them were seen to be stopped (SIGSTOP) at a time, at most
 * @param limit of its accept queue, which holds one more; of several that it had, the one under which the queue was fullest
 * @param setBy {@code listen}, {@code somaxconn}, or {@code earlierSomaxconn} where the setting was lowered since
 * @param peak longest queue under this limit: seen, or proven by an overflow
 * @param p99 length that 99% of the observations did not exceed
 * @param last length when it was last seen
 * @param accepted how many connections of ours were accepted at it; absent where it is one of several, or the end was not seen
 * @param drops segments that it dropped meanwhile (sk_drops); a final ACK that meets a full queue counts twice
 * @param overflows how many of the namespace's overflows were its own at the least: all but those that other listeners' drops
 *     may account for
 * @param descriptors most that the process was seen to have open
 * @param descriptorLimit its soft limit of open files
 * @param open whether it still listened at the end
 * @param goneAtSecond when it was first seen not to listen any more, in seconds since the recorded part began; absent where it still does
 * @param nothingAccepted the longest time of a second or more in which it accepted next to nothing while another listener of its address
 *     did; absent where there was none
 * @param limitChanges when its limit became another one, by a further listen(2); empty where it did not
 */
public record ListenerFigures(
        String address,
        String family,
        long inode,
        @Nullable Long pid,
        @Nullable String program,
        @Nullable Integer processes,
        @Nullable Integer stopped,
        @Nullable Long limit,
        @Nullable String setBy,
        long peak,
        double p99,
        long last,
        @Nullable Long accepted,
        @Nullable Long drops,
        @Nullable Long overflows,
        @Nullable Long descriptors,
        @Nullable Long descriptorLimit,
        boolean open,
        @Nullable Double goneAtSecond,
        @Nullable Stall nothingAccepted,
        List<LimitChange> limitChanges) {

    public ListenerFigures {
        // A file of an earlier version has none.
        limitChanges = limitChanges == null ? List.of() : List.copyOf(limitChanges);
    }

    /**
     * Another limit of the accept queue.
     *
     * @param atSecond when it was first seen, in seconds since the recorded part began
     * @param from the limit before
     * @param to the limit from then on
     */
    public record LimitChange(double atSecond, long from, long to) {}

    /**
     * A part of the run in which connections waited in one listener's queue.
     *
     * @param fromSecond when it was first seen, in seconds since the recorded part began
     * @param toSecond when it was last seen
     * @param waiting connections that were in the queue then
     */
    public record Stall(double fromSecond, double toSecond, long waiting) {

        private static @Nullable Stall longer(@Nullable Stall one, @Nullable Stall other) {
            if (one == null || other == null) {
                return one == null ? other : one;
            }
            return other.toSecond - other.fromSecond > one.toSecond - one.fromSecond ? other : one;
        }
    }

    /** The same, having accepted so many; absent = it is not known. */
    ListenerFigures having(@Nullable Long taken) {
        return with(taken, nothingAccepted);
    }

    private ListenerFigures with(@Nullable Long taken, @Nullable Stall stall) {
        return new ListenerFigures(
                address,
                family,
                inode,
                pid,
                program,
                processes,
                stopped,
                limit,
                setBy,
                peak,
                p99,
                last,
                taken,
                drops,
                overflows,
                descriptors,
                descriptorLimit,
                open,
                goneAtSecond,
                stall,
                limitChanges);
    }

    /** The worst first: overflowed most, then fullest, then with most drops. */
    public static final Comparator<ListenerFigures> WORST_FIRST = Comparator.comparingLong(
                    (ListenerFigures each) -> each.overflows() == null ? 0 : each.overflows())
            .thenComparingDouble(ListenerFigures::fullness)
            .thenComparingLong(each -> each.drops() == null ? 0 : each.drops())
            .reversed();

    /** As it is at one moment. */
    public static ListenerFigures now(ObservedListener seen) {
        long length = seen.socket().acceptQueueLength();
        return of(seen, length, length, null, null, descriptors(seen), stopped(seen), null, null, List.of());
    }

    static ListenerFigures of(
            ObservedListener seen,
            long peak,
            double p99,
            @Nullable Long drops,
            @Nullable Long overflows,
            @Nullable Long descriptors,
            @Nullable Integer stopped,
            @Nullable Double goneAtSecond,
            @Nullable Stall nothingAccepted,
            List<LimitChange> limitChanges) {
        ListenerReading socket = seen.socket();
        SocketOwner owner = seen.owner().orElse(null);
        return new ListenerFigures(
                Endpoint.text(socket.address()),
                family(socket),
                socket.inode(),
                owner == null ? null : owner.pid(),
                owner == null ? null : owner.program(),
                owner == null ? null : owner.processes(),
                stopped,
                socket.acceptQueueLimit() == ListenerReading.UNKNOWN ? null : socket.acceptQueueLimit(),
                seen.setBy().map(LimitSetBy::id).orElse(null),
                peak,
                p99,
                socket.acceptQueueLength(),
                null,
                drops,
                overflows,
                descriptors,
                owner == null ? null : known(owner.descriptorLimit()),
                goneAtSecond == null,
                goneAtSecond,
                nothingAccepted,
                limitChanges);
    }

    static @Nullable Long descriptors(ObservedListener seen) {
        return seen.owner().map(owner -> known(owner.descriptors())).orElse(null);
    }

    static @Nullable Integer stopped(ObservedListener seen) {
        return seen.owner().map(SocketOwner::stopped).orElse(null);
    }

    private static @Nullable Long known(OptionalLong figure) {
        return figure.isPresent() ? figure.getAsLong() : null;
    }

    private static String family(ListenerReading socket) {
        if (socket.address().getAddress() instanceof Inet4Address) {
            return "IPv4";
        }
        return socket.address().getAddress().isAnyLocalAddress() && !socket.v6Only() ? "IPv4 and IPv6" : "IPv6";
    }

    /** The listeners of two shards, worst first; of one that both saw, as its inode shows, the greater figures stand. */
    public static List<ListenerFigures> together(List<ListenerFigures> one, List<ListenerFigures> other) {
        Map<String, ListenerFigures> bySocket = new LinkedHashMap<>();
        Stream.concat(one.stream(), other.stream())
                .forEach(each ->
                        bySocket.merge(each.address() + " " + each.inode(), each, ListenerFigures::ofOneSocket));
        return bySocket.values().stream().sorted(WORST_FIRST).toList();
    }

    /** The worse of both, with what either shard saw accepted: each left what was still in the queue out. */
    private static ListenerFigures ofOneSocket(ListenerFigures one, ListenerFigures other) {
        ListenerFigures worse = WORST_FIRST.compare(one, other) <= 0 ? one : other;
        Long first = one.accepted;
        Long second = other.accepted;
        return worse.with(
                first == null || second == null ? null : Long.valueOf(first + second + Math.min(one.last, other.last)),
                Stall.longer(one.nothingAccepted, other.nothingAccepted));
    }

    /** The peak by what the queue holds: 1 is full. */
    double fullness() {
        return limit == null ? 0 : peak / (limit + 1.0);
    }

    /** Connections in its queue at the end; what waited when it was closed the kernel has reset. */
    public long queuedAtEnd() {
        return open ? last : 0;
    }

    /** Whether its process could not have accepted any more connections: EMFILE. */
    public boolean outOfDescriptors() {
        return descriptors != null && descriptorLimit != null && descriptors >= descriptorLimit;
    }

    /** Whether nothing that is known keeps it from accepting: its queue has room, a descriptor is left, and it is not stopped. */
    boolean accepts() {
        boolean allStopped = stopped != null && processes != null && stopped >= processes;
        return fullness() < 1 && !outOfDescriptors() && !allStopped;
    }
}
