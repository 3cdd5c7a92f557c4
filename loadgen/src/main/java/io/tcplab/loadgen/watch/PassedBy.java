package io.tcplab.loadgen.watch;

import io.tcplab.kernel.observe.ListenerWatch;
import io.tcplab.kernel.observe.ObservedListener;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The listeners of a target's port, in the calling thread's namespace, that take none of its connections: those of another address, and
 * those of IPv6 alone (IPV6_V6ONLY, ipv6(7)) where the target is an IPv4 address.
 */
public final class PassedBy {

    private static final int MOST_NAMED = 3;

    private PassedBy() {}

    /** They, in a clause: {@code its port has listeners at [::]:80 (nginx, pid 12) for IPv6 alone}; empty where there is none. */
    public static String clause(InetSocketAddress target) {
        List<String> names = names(target);
        if (names.isEmpty()) {
            return "";
        }
        String more = names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more" : "";
        return "its port has " + (names.size() == 1 ? "a listener at " : "listeners at ")
                + names.stream().limit(MOST_NAMED).collect(Collectors.joining(", ")) + more;
    }

    private static List<String> names(InetSocketAddress target) {
        try {
            Set<Long> taking = ListenerWatch.lookOnce(target.getPort(), target.getAddress()).stream()
                    .map(each -> each.socket().inode())
                    .collect(Collectors.toSet());
            return ListenerWatch.lookOnce(target.getPort(), null).stream()
                    .filter(each -> !taking.contains(each.socket().inode()))
                    .map(PassedBy::name)
                    .distinct()
                    .toList();
        } catch (UncheckedIOException _) {
            return List.of(); // the kernel cannot be asked
        }
    }

    private static String name(ObservedListener listener) {
        String name = ListenerInWords.name(ListenerFigures.now(listener));
        return listener.socket().v6Only()
                        && listener.socket().address().getAddress().isAnyLocalAddress()
                ? name + " for IPv6 alone"
                : name;
    }
}
