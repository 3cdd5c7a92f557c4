package io.tcplab.loadgen.run;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.watch.OwnAddresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * Decides whether load may go to a target: loopback, private and benchmarking ranges always, anything else only when the user has
 * said {@code --i-may-test HOST} for exactly that host.
 */
public final class SafeTarget {

    private SafeTarget() {}

    /**
     * Returns all addresses of the endpoint, in the resolver's order; refuses an unknown host and a target that nobody has answered for.
     */
    public static List<InetSocketAddress> resolve(Endpoint endpoint, Collection<String> mayTest) throws CannotRun {
        InetAddress[] addresses;
        try {
            addresses = Stream.of(InetAddress.getAllByName(endpoint.host()))
                    .map(OwnAddresses::reachedBy)
                    .toArray(InetAddress[]::new);
        } catch (UnknownHostException _) {
            throw new CannotRun("The target host " + endpoint.host()
                    + " cannot be resolved: check its spelling, or give an address.");
        }
        if (!Arrays.stream(addresses).allMatch(SafeTarget::isHarmless) && !mayTest.contains(endpoint.host())) {
            throw new CannotRun("The target " + endpoint.host()
                    + " is a public address; a load test needs its owner's permission: confirm it with --i-may-test "
                    + endpoint.host() + ".");
        }
        return Preflight.addresses(addresses, endpoint.port());
    }

    private static boolean isHarmless(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean benchmarking = bytes.length == 4 && (bytes[0] & 0xFF) == 198 && (bytes[1] & 0xFE) == 18;
        boolean uniqueLocal = bytes.length == 16 && (bytes[0] & 0xFE) == 0xFC;
        return address.isLoopbackAddress()
                || address.isSiteLocalAddress()
                || address.isLinkLocalAddress()
                || benchmarking
                || uniqueLocal;
    }
}
