package io.tcplab.loadgen.run;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.result.Head;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A target that was looked up, once, before the run.
 *
 * @param asked as the user has named it; absent for a server that the run has started
 * @param address where its connections go
 * @param addresses all that the name has, in the resolver's order
 */
record Located(@Nullable Endpoint asked, InetSocketAddress address, List<InetSocketAddress> addresses) {

    Located {
        addresses = List.copyOf(addresses);
    }

    /** A server that the run has started. */
    static Located of(InetSocketAddress address) {
        return new Located(null, address, List.of(address));
    }

    /** What {@code summary.json} says of all targets together. */
    static Head.Target together(List<Located> targets) {
        Located first = targets.getFirst();
        String asked = targets.stream().map(Located::asked).map(String::valueOf).collect(Collectors.joining(", "));
        return new Head.Target(
                first.asked == null ? null : asked,
                targets.size() == 1 ? Endpoint.text(first.address) : null,
                targets.stream()
                        .flatMap(each -> each.written().stream())
                        .distinct()
                        .toList());
    }

    /** The addresses of all in a sentence. */
    static String words(List<Located> targets) {
        return targets.stream().map(each -> Endpoint.text(each.address)).collect(Collectors.joining(", "));
    }

    /** All its addresses as they are written. */
    List<String> written() {
        return addresses.stream().map(Endpoint::text).toList();
    }
}
