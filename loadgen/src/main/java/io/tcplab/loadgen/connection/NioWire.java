package io.tcplab.loadgen.connection;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoOps;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A socket as a {@link SocketChannel} on Netty's NIO handler: the way where epoll is absent, with the same outcomes. */
final class NioWire implements NioIoHandle, Wire {

    private final SocketChannel channel;
    private final NioWires wires;
    private final Connection connection;
    private @Nullable IoRegistration registration;

    NioWire(SocketChannel channel, NioWires wires, Connection connection) {
        this.channel = channel;
        this.wires = wires;
        this.connection = connection;
    }

    /** A call on the channel; its exception becomes a negative errno. */
    private interface Call {
        int run() throws IOException;
    }

    private static int errnoOf(Call call) {
        try {
            return call.run();
        } catch (IOException e) {
            return -NioErrno.of(e);
        }
    }

    @Override
    public int connect() {
        return errnoOf(() -> channel.connect(wires.target()) ? 0 : -Errno.EINPROGRESS);
    }

    @Override
    public int establishedNow() {
        return errnoOf(() -> channel.finishConnect() ? 1 : 0);
    }

    @Override
    public int connectResult() {
        return errnoOf(() -> channel.finishConnect() ? 0 : -Errno.EINPROGRESS);
    }

    @Override
    public int send(Buffer buffer, int length) {
        if (!channel.isConnected()) {
            int result = establishedNow();
            if (result != 1) {
                return result == 0 ? -Errno.EAGAIN : result;
            }
        }
        ByteBuffer bytes = buffer.bytes().duplicate().limit(length);
        return errnoOf(() -> {
            int sent = channel.write(bytes);
            return sent == 0 ? -Errno.EAGAIN : sent;
        });
    }

    @Override
    public int receive(Buffer buffer) {
        ByteBuffer bytes = buffer.bytes().duplicate().clear();
        return errnoOf(() -> {
            int received = channel.read(bytes);
            return received < 0 ? 0 : received == 0 ? -Errno.EAGAIN : received;
        });
    }

    @Override
    public int shutdownOutput() {
        return errnoOf(() -> {
            channel.shutdownOutput();
            return 0;
        });
    }

    @Override
    public int linger(int seconds) {
        return errnoOf(() -> {
            channel.setOption(StandardSocketOptions.SO_LINGER, seconds);
            return 0;
        });
    }

    @Override
    public int release() {
        deregister();
        return errnoOf(() -> {
            channel.close();
            return 0;
        });
    }

    @Override
    public LingeringClose detach() {
        deregister();
        return () -> errnoOf(() -> {
            channel.close();
            return 0;
        });
    }

    private void deregister() {
        IoRegistration current = registration;
        if (current != null) {
            registration = null;
            current.cancel();
            wires.closedRegistered();
        }
    }

    @Override
    public void await(boolean output) {
        IoRegistration current = registration;
        if (current == null) {
            current = wires.register(this);
            registration = current;
        }
        NioIoOps input = channel.isConnected() ? NioIoOps.READ : NioIoOps.CONNECT;
        current.submit(output && channel.isConnected() ? input.with(NioIoOps.WRITE) : input);
    }

    @Override
    public void expect() {
        await(false);
    }

    @Override
    public void awaitAgain() {
        await(false);
    }

    @Override
    public int rttMicros() {
        return -1;
    }

    @Override
    public SelectableChannel selectableChannel() {
        return channel;
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        // A selector is level-triggered: an end of input that is not read now is told again.
        connection.ready(false);
    }

    @Override
    public void close() {
        release();
    }
}
