package io.tcplab.loadgen.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageEncoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.connection.wire.Buffer;
import io.tcplab.loadgen.connection.wire.Wire;
import io.tcplab.loadgen.plan.ClientOptions.ProxyProtocol;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The PROXY protocol header that begins each connection of a loop and names the connection's own two ends (proxy-protocol.txt of HAProxy),
 * by Netty's codec, which allocates for each.
 */
final class ProxyHeader {

    private final HAProxyProtocolVersion version;
    private final List<InetSocketAddress> targets;
    private final EmbeddedChannel codec = new EmbeddedChannel(HAProxyMessageEncoder.INSTANCE);

    ProxyHeader(ProxyProtocol protocol, List<InetSocketAddress> targets) {
        this.version = switch (protocol) {
            case V1 -> HAProxyProtocolVersion.V1;
            case V2 -> HAProxyProtocolVersion.V2;
        };
        this.targets = List.copyOf(targets);
    }

    /** As servers write addresses into their logs (RFC 5952), without a zone, which means something on this host alone. */
    private static String text(InetSocketAddress end) {
        String address = Endpoint.text(end.getAddress());
        int zone = address.indexOf('%');
        return zone < 0 ? address : address.substring(0, zone);
    }

    /** Sends it as the first bytes of a connection to that target whose handshake is over; 0 or a negative errno. */
    int send(Wire wire, Buffer output, int number) {
        InetSocketAddress target = targets.get(number);
        InetSocketAddress own = wire.ownAddress().orElse(null);
        if (own == null) {
            return -Errno.ENOTCONN.number();
        }
        codec.writeOutbound(new HAProxyMessage(
                version,
                HAProxyCommand.PROXY,
                target.getAddress() instanceof Inet4Address ? HAProxyProxiedProtocol.TCP4 : HAProxyProxiedProtocol.TCP6,
                text(own),
                text(target),
                own.getPort(),
                target.getPort()));
        ByteBuf header = codec.readOutbound();
        int length = header.readableBytes();
        output.bytes().clear();
        header.readBytes(output.bytes().limit(length));
        header.release();
        // A fresh socket's buffer takes more than the 232 bytes of the longest header (SOCK_MIN_SNDBUF,
        // include/net/sock.h).
        int sent = wire.send(output, length);
        return sent == length ? 0 : sent < 0 ? sent : -Errno.EMSGSIZE.number();
    }
}
