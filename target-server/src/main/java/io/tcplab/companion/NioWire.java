package io.tcplab.companion;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandler;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoOps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** An accepted socket as a {@link SocketChannel}: the way where epoll is absent, with the same ends as seen by the peer. */
final class NioWire implements NioIoHandle, Wire {

    private static final long FOR_THE_SELECTOR_MILLIS = 2;

    private final SocketChannel channel;
    private final IoHandler selector;
    private final WireConnection connection;
    private @Nullable IoRegistration registration;

    NioWire(SocketChannel channel, ServingLoop loop, WireConnection.Maker maker) {
        this.channel = channel;
        this.selector = loop.ioHandler;
        this.connection = maker.make(loop, this);
    }

    WireConnection connection() {
        return connection;
    }

    @Override
    public int receive(ByteBuf into) {
        try {
            return channel.read(into.internalNioBuffer(0, into.capacity()));
        } catch (IOException broken) {
            return BROKEN;
        }
    }

    @Override
    public int send(ByteBuf from) {
        try {
            return channel.write(from.internalNioBuffer(from.readerIndex(), from.readableBytes()));
        } catch (IOException broken) {
            return BROKEN;
        }
    }

    @Override
    public void awaitInput() {
        await(NioIoOps.READ);
    }

    @Override
    public void awaitOutput() {
        await(NioIoOps.WRITE);
    }

    private void await(NioIoOps what) {
        try {
            if (registration == null) {
                registration = selector.register(this);
            }
            registration.submit(what);
        } catch (Exception refused) {
            throw new UncheckedIOException(new IOException("select", refused));
        }
    }

    @Override
    public void ignore() {
        IoRegistration current = registration;
        if (current != null) {
            registration = null;
            current.cancel();
        }
    }

    @Override
    public void shutdownOutput() {
        try {
            channel.shutdownOutput();
        } catch (IOException broken) {
            // The peer has reset: there is nobody to send FIN to, and the next read says so.
            return;
        }
    }

    /** A registered channel gives its descriptor back at the next select; FIN goes out at once (SocketChannelImpl). */
    @Override
    public void close() {
        ignore();
        try {
            channel.close();
        } catch (IOException broken) {
            // The descriptor is gone all the same (close(2)).
            return;
        }
    }

    @Override
    public void reset() {
        linger(0);
        close();
    }

    private void linger(int seconds) {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, seconds);
        } catch (IOException broken) {
            // The connection is gone, and with it what the option was for.
            return;
        }
    }

    /** While a selector still knows the channel, Java would switch lingering off: gives it the time to forget. */
    @Override
    public BlockingClose closeLingering(int seconds) {
        linger(seconds);
        ignore();
        return () -> {
            try {
                for (int i = 0; channel.isRegistered() && i < 1000; i++) {
                    Thread.sleep(FOR_THE_SELECTOR_MILLIS);
                }
            } catch (InterruptedException ending) {
                Thread.currentThread().interrupt();
            }
            channel.close();
        };
    }

    @Override
    public SelectableChannel selectableChannel() {
        return channel;
    }

    @Override
    public void handle(IoRegistration source, IoEvent event) {
        connection.ready();
    }
}
