package io.tcplab.loadgen.connection;

import io.netty.channel.IoHandler;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.tcplab.loadgen.plan.ClientOptions;
import io.tcplab.loadgen.plan.ClientOptions.KeepaliveProbe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.List;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/** Sockets made by the JDK and served by Netty's NIO handler. Confined to one event loop. */
final class NioWires implements Wires {

    private final ClientOptions options;
    private final InetSocketAddress target;
    private final List<InetAddress> sources;
    private final IoHandler ioHandler;
    private int nextSource;
    private int failureErrno;
    private String failedCall = "";

    NioWires(ClientOptions options, InetSocketAddress target, List<InetAddress> sources, ThreadAwareExecutor executor) {
        this.options = options;
        this.target = target;
        this.sources = sources;
        this.ioHandler = NioIoHandler.newFactory().newHandler(executor);
    }

    @Override
    public @Nullable Wire open(Connection connection) {
        SocketChannel channel = null;
        failedCall = "socket";
        try {
            channel = SocketChannel.open(
                    target.getAddress().getAddress().length == 4
                            ? StandardProtocolFamily.INET
                            : StandardProtocolFamily.INET6);
            failedCall = "setsockopt";
            configure(channel);
            if (!sources.isEmpty()) {
                failedCall = "bind";
                channel.bind(new InetSocketAddress(sources.get(nextSource), 0));
                nextSource = (nextSource + 1) % sources.size();
            }
            return new NioWire(channel, this, connection);
        } catch (IOException e) {
            failureErrno = NioErrno.of(e);
            closeQuietly(channel);
            return null;
        }
    }

    private void configure(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, options.nodelay());
        if (options.sendBufferBytes() > 0) {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, options.sendBufferBytes());
        }
        if (options.receiveBufferBytes() > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, options.receiveBufferBytes());
        }
        KeepaliveProbe probe = options.keepaliveProbe();
        if (probe != null) {
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            setIfGiven(channel, ExtendedSocketOptions.TCP_KEEPIDLE, probe.idleSeconds());
            setIfGiven(channel, ExtendedSocketOptions.TCP_KEEPINTERVAL, probe.intervalSeconds());
            setIfGiven(channel, ExtendedSocketOptions.TCP_KEEPCOUNT, probe.count());
        }
    }

    /** What is 0 is left to the sysctls. */
    private static void setIfGiven(SocketChannel channel, SocketOption<Integer> option, int value) throws IOException {
        if (value != 0) {
            channel.setOption(option, value);
        }
    }

    private static void closeQuietly(@Nullable SocketChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException _) {
                // the reason why it could not be opened is what counts
            }
        }
    }

    IoRegistration register(NioWire wire) {
        try {
            return ioHandler.register(wire);
        } catch (Exception e) {
            throw new UncheckedIOException(new IOException("cannot register with the selector", e));
        }
    }

    /** A registered channel gives its descriptor back only after the selector has looked again. */
    void closedRegistered() {
        ioHandler.wakeup();
    }

    InetSocketAddress target() {
        return target;
    }

    @Override
    public int failureErrno() {
        return failureErrno;
    }

    @Override
    public String failedCall() {
        return failedCall;
    }

    @Override
    public IoHandler ioHandler() {
        return ioHandler;
    }

    @Override
    public boolean awaitsReadiness() {
        return true;
    }

    @Override
    public void enterLoop() {}
}
