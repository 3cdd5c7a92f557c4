package io.tcplab.kernel.namespace;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.host.Sysctl;
import io.tcplab.kernel.host.SysctlRefused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client's and a server's network namespace, joined by a virtual cable: 198.18.0.1 on {@code vc} ↔ 198.18.0.2 on {@code
 * vs}, /24, of the range for benchmarks (RFC 2544). Each side has its own sysctls, counters, ports and TIME_WAITs.
 *
 * <p>Needs CAP_SYS_ADMIN and CAP_NET_ADMIN ({@link UserNamespace}) and the programs {@code ip} and {@code nsenter}. Both namespaces and the
 * cable are gone when it is closed, or when the process ends in any way.
 */
public final class NamespacePair implements AutoCloseable {
    private static final String CLIENT_ADDRESS = "198.18.0.1";

    /** What the server's device has. */
    public static final String SERVER_ADDRESS = "198.18.0.2";

    private static final String CLIENT_DEVICE = "vc";
    private static final String SERVER_DEVICE = "vs";

    private static final String CLIENT_CABLE_DEVICE = "cc";
    private static final String SERVER_CABLE_DEVICE = "cs";

    private final NetworkNamespace client;
    private final NetworkNamespace server;

    /** Between the two, where they are not joined directly. */
    private final @Nullable NetworkNamespace middle;

    private NamespacePair(NetworkNamespace client, NetworkNamespace server, @Nullable NetworkNamespace middle) {
        this.client = client;
        this.server = server;
        this.middle = middle;
    }

    /** Makes both and joins them. Throws IOException that names the call or command and what it said. */
    public static NamespacePair create() throws IOException {
        return create(List.of("client", "server"));
    }

    /**
     * Makes both, and between them a third namespace with an end of a cable to each; nothing passes until somebody carries it from
     * {@link #cableDevice} of one side to that of the other. Throws as {@link #create()}.
     */
    public static NamespacePair createApart() throws IOException {
        return create(List.of("client", "server", "cable"));
    }

    private static NamespacePair create(List<String> names) throws IOException {
        List<NetworkNamespace> made = new ArrayList<>();
        try {
            for (String name : names) {
                made.add(NetworkNamespace.create(name));
            }
            NamespacePair pair = new NamespacePair(made.get(0), made.get(1), made.size() > 2 ? made.get(2) : null);
            pair.join();
            return pair;
        } catch (IOException | RuntimeException e) {
            made.forEach(NetworkNamespace::close);
            throw e;
        }
    }

    private void join() throws IOException {
        if (middle == null) {
            ip(
                    server,
                    "link add " + SERVER_DEVICE + " type veth peer name " + CLIENT_DEVICE + " netns " + client.path());
        } else {
            ip(
                    middle,
                    "link add " + CLIENT_CABLE_DEVICE + " type veth peer name " + CLIENT_DEVICE + " netns "
                            + client.path(),
                    "link add " + SERVER_CABLE_DEVICE + " type veth peer name " + SERVER_DEVICE + " netns "
                            + server.path(),
                    "link set " + CLIENT_CABLE_DEVICE + " addrgenmode none up",
                    "link set " + SERVER_CABLE_DEVICE + " addrgenmode none up");
        }
        ip(server, "addr add " + SERVER_ADDRESS + "/24 dev " + SERVER_DEVICE, "link set " + SERVER_DEVICE + " up");
        ip(client, "addr add " + CLIENT_ADDRESS + "/24 dev " + CLIENT_DEVICE, "link set " + CLIENT_DEVICE + " up");
    }

    /** The namespace for the load generator. */
    public NetworkNamespace client() {
        return client;
    }

    /** The namespace for the target. */
    public NetworkNamespace server() {
        return server;
    }

    /** The namespace of a side. */
    public NetworkNamespace of(Side side) {
        return switch (side) {
            case CLIENT -> client;
            case SERVER -> server;
        };
    }

    /** The namespace between the two, of a pair that was made by {@link #createApart}. */
    public NetworkNamespace middle() {
        return Objects.requireNonNull(middle, "a pair that is joined directly has nothing between");
    }

    /** The end of a side's cable in {@link #middle}. */
    public String cableDevice(Side side) {
        return switch (side) {
            case CLIENT -> CLIENT_CABLE_DEVICE;
            case SERVER -> SERVER_CABLE_DEVICE;
        };
    }

    /** The device of a side, {@code vc} or {@code vs}. */
    public String device(Side side) {
        return switch (side) {
            case CLIENT -> CLIENT_DEVICE;
            case SERVER -> SERVER_DEVICE;
        };
    }

    /** 198.18.0.1. */
    public InetAddress clientAddress() {
        return literal(CLIENT_ADDRESS);
    }

    /** 198.18.0.2. */
    public InetAddress serverAddress() {
        return literal(SERVER_ADDRESS);
    }

    /** The server's device, {@code vs}. */
    public String serverDevice() {
        return device(Side.SERVER);
    }

    /** Gives the client another address of 198.18.0.0/24, such as {@code 198.18.0.11}, to connect from. */
    public void addClientAddress(String address) throws IOException {
        ip(client, "addr add " + address + "/24 dev " + CLIENT_DEVICE);
    }

    /**
     * Writes these sysctls on one side, in their order, and returns what is read back. Throws SysctlRefused at the first
     * that is not taken; those before it stay.
     */
    public Map<String, String> setSysctls(Side side, Map<String, String> values) throws SysctlRefused {
        return setSysctls(of(side), values);
    }

    /** As {@link #setSysctls(Side, Map)}, in any namespace that was made here. */
    public static Map<String, String> setSysctls(NetworkNamespace namespace, Map<String, String> values)
            throws SysctlRefused {
        try {
            return namespace.call(() -> {
                Map<String, String> readBack = new LinkedHashMap<>();
                for (Map.Entry<String, String> each : values.entrySet()) {
                    readBack.put(each.getKey(), Sysctl.write(each.getKey(), each.getValue()));
                }
                return readBack;
            });
        } catch (SysctlRefused | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new UncheckedIOException(new IOException("cannot set sysctls in " + namespace.name(), e));
        }
    }

    /**
     * Runs {@code ip} inside a namespace with these commands, one after the other ({@code ip -batch}). Throws IOException
     * with what it said if one fails; those before it stay.
     */
    public static void ip(NetworkNamespace namespace, String... commands) throws IOException {
        try {
            Programs.run(namespace, String.join("\n", commands) + "\n", "ip", "-batch", "-");
        } catch (IOException e) {
            throw new NamespaceRefused("ip " + String.join("; ", commands) + ": " + e.getMessage());
        }
    }

    private static InetAddress literal(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new AssertionError("a literal address needs no resolver", e);
        }
    }

    /** Ends the namespaces; the cable goes with them. */
    @Override
    public void close() {
        client.close();
        server.close();
        if (middle != null) {
            middle.close();
        }
    }
}
