package io.tcplab.companion;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.IoHandler;
import io.netty.channel.epoll.LinuxSocket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WireConnectionTest {

    /** A peer that sends zeros without end, as much at once as is read at once. */
    private static final class Zeros implements Wire {
        private int reads;
        private boolean closed;
        private boolean readAfterClose;

        @Override
        public int receive(ByteBuf into) {
            readAfterClose |= closed;
            reads++;
            into.setZero(0, into.capacity());
            return into.capacity();
        }

        @Override
        public int send(ByteBuf from) {
            return from.readableBytes();
        }

        @Override
        public void awaitInput() {}

        @Override
        public void awaitOutput() {}

        @Override
        public void ignore() {}

        @Override
        public void shutdownOutput() {}

        @Override
        public void close() {
            closed = true;
        }

        @Override
        public void reset() {
            closed = true;
        }

        @Override
        public BlockingClose closeLingering(int seconds) {
            throw new UnsupportedOperationException();
        }
    }

    private record NoSockets() implements LoopIo {
        @Override
        public IoHandler handler() {
            throw new UnsupportedOperationException();
        }

        @Override
        public WireConnection connection(int descriptor, ServingLoop loop, WireConnection.Maker maker) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Arrivals arrivals(LinuxSocket listener) {
            throw new UnsupportedOperationException();
        }
    }

    /** The descriptor is another connection's then, whose bytes would be lost. */
    @Test
    void nothingIsReadBehindAClose() {
        DefaultEventLoop eventLoop = new DefaultEventLoop();
        try (LingeringCloses closes = new LingeringCloses()) {
            ServingLoop loop = new ServingLoop(eventLoop, new NoSockets(), closes, 0);
            Zeros wire = new Zeros();
            WireConnection connection = new FramedConnection(loop, wire);
            loop.add(connection);
            connection.ready();
            assertThat(loop.counters.value(Counter.BAD_FRAMES)).isOne();
            assertThat(wire.closed).isTrue();
            assertThat(wire.reads).isOne();
            assertThat(wire.readAfterClose).isFalse();
            loop.release();
        } finally {
            boolean _ = eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
        }
    }
}
