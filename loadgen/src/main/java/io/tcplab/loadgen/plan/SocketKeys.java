package io.tcplab.loadgen.plan;

import java.util.function.Function;

/** Keys that a generator's sockets and a companion's have alike. */
final class SocketKeys {

    private static final int LARGEST_BUFFER = 1 << 30;
    private static final int MOST_EVENT_LOOPS = 256;

    private SocketKeys() {}

    static <T> Key<T, Integer> sendBuffer(Function<T, Integer> getter) {
        return Key.of(
                "sendBuffer",
                Shapes.bytes(0, LARGEST_BUFFER),
                0,
                getter,
                "SO_SNDBUF (socket(7)); 0 = the kernel's default");
    }

    static <T> Key<T, Integer> receiveBuffer(Function<T, Integer> getter) {
        return Key.of(
                "receiveBuffer",
                Shapes.bytes(0, LARGEST_BUFFER),
                0,
                getter,
                "SO_RCVBUF (socket(7)); 0 = the kernel's default");
    }

    static <T> Key<T, Integer> eventLoops(Function<T, Integer> getter, String sentence) {
        return Key.of("eventLoops", Shapes.count(1, MOST_EVENT_LOOPS), 1, getter, sentence);
    }
}
