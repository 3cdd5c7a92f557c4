package io.tcplab.companion.control;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Peers that send what they are given and then reset, close, half-close or stay, by a seeded choice. */
final class HostilePeers {

    private static final int HELD = 100;

    private final Random random;
    private final List<SocketChannel> held = new ArrayList<>();

    HostilePeers(Random random) {
        this.random = random;
    }

    /** One connection with this message, as far as it is taken at once. */
    void send(int port, byte[] message) throws IOException {
        SocketChannel peer = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        peer.configureBlocking(false);
        try {
            peer.write(ByteBuffer.wrap(message));
        } catch (IOException refused) {
            // It has been reset before all was written.
        }
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> reset(peer);
            case 3, 4 -> peer.close();
            case 5 -> {
                try {
                    peer.read(ByteBuffer.allocate(100));
                } catch (IOException refused) {
                    // It has been reset before it was read.
                }
                reset(peer);
            }
            case 6 -> {
                try {
                    peer.shutdownOutput();
                } catch (IOException refused) {
                    // It has been reset already.
                }
                held.add(peer);
            }
            default -> held.add(peer);
        }
        if (held.size() > HELD) {
            reset(held.remove(random.nextInt(held.size())));
        }
    }

    /** Resets those that stayed. */
    void letGo() throws IOException {
        for (SocketChannel peer : held) {
            reset(peer);
        }
        held.clear();
    }

    static void reset(SocketChannel peer) throws IOException {
        try {
            peer.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException refused) {
            // It has been reset already.
        }
        peer.close();
    }
}
