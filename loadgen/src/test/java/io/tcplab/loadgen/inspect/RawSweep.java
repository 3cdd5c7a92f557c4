package io.tcplab.loadgen.inspect;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * The keep-alive race once more, by sockets alone and nothing of the inspection: requests at moments around the idle timeout, and which of
 * them were lost.
 */
final class RawSweep {

    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: sweep\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String END = "hello";

    private RawSweep() {}

    /** The moments, in ms from the timeout, at which requests were lost. */
    static List<Double> lost(InetSocketAddress server, double fromMillis, double toMillis, double stepMillis)
            throws Exception {
        double timeout = idleMillis(server);
        List<Callable<Double>> shots = new ArrayList<>();
        for (double at = fromMillis; at <= toMillis; at += stepMillis) {
            double millis = at;
            shots.add(() -> isLost(server, timeout + millis) ? millis : Double.NaN);
        }
        List<Double> lost = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(
                shots.size(), Thread.ofPlatform().daemon(true).factory())) {
            for (Future<Double> each : threads.invokeAll(shots)) {
                if (!Double.isNaN(each.get())) {
                    lost.add(each.get());
                }
            }
        }
        return lost;
    }

    /** How wide the window is in which requests are lost; a single one that this machine sent late widens it by its step alone. */
    static double windowMillis(List<Double> lost, double stepMillis) {
        return lost.size() * stepMillis;
    }

    private static double idleMillis(InetSocketAddress server) throws IOException {
        try (SocketChannel channel = SocketChannel.open(server)) {
            long began = asked(channel);
            int end = channel.read(ByteBuffer.allocate(64));
            if (end >= 0) {
                throw new IOException("something came that was not asked for");
            }
            return (System.nanoTime() - began) / 1e6;
        }
    }

    /** Asks, and answers when the response was whole. */
    private static long asked(SocketChannel channel) throws IOException {
        int _ = channel.write(ByteBuffer.wrap(REQUEST));
        StringBuilder text = new StringBuilder();
        ByteBuffer part = ByteBuffer.allocate(4096);
        while (!text.toString().endsWith(END)) {
            part.clear();
            if (channel.read(part) < 0) {
                throw new EOFException("closed");
            }
            text.append(StandardCharsets.ISO_8859_1.decode(part.flip()));
        }
        return System.nanoTime();
    }

    private static boolean isLost(InetSocketAddress server, double afterMillis) throws IOException {
        try (SocketChannel channel = SocketChannel.open(server)) {
            long at = asked(channel) + (long) (afterMillis * 1e6);
            for (long left = at - System.nanoTime(); left > 0; left = at - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            channel.configureBlocking(false);
            if (channel.read(ByteBuffer.allocate(64)) < 0) {
                return false; // closed before anything was sent
            }
            channel.configureBlocking(true);
            try {
                long _ = asked(channel);
                return false;
            } catch (EOFException | SocketException _) {
                return true;
            }
        }
    }
}
