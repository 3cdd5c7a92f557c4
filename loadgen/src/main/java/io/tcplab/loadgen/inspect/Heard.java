package io.tcplab.loadgen.inspect;

import io.tcplab.kernel.syscall.Errno;

/** What came on a connection before a deadline, and when, by System.nanoTime. */
public sealed interface Heard {

    /** When it was seen. */
    long atNanos();

    /** Bytes. */
    final class Data implements Heard {
        private final byte[] bytes;
        private final long atNanos;

        Data(byte[] bytes, long atNanos) {
            this.bytes = bytes;
            this.atNanos = atNanos;
        }

        /** The bytes themselves. */
        public byte[] bytes() {
            return bytes;
        }

        @Override
        public long atNanos() {
            return atNanos;
        }
    }

    /** The server's FIN. */
    record Fin(long atNanos) implements Heard {}

    /** An RST, or what the kernel makes of a peer that has vanished. */
    record Reset(Errno errno, long atNanos) implements Heard {}

    /** Nothing until the deadline. */
    record Silence(long atNanos) implements Heard {}

    /** Whether the connection is over for the server. */
    default boolean isEnd() {
        return switch (this) {
            case Fin _, Reset _ -> true;
            case Data _, Silence _ -> false;
        };
    }

    /** In words, for observations. */
    default String words() {
        return switch (this) {
            case Data _ -> "data";
            case Fin _ -> "closed by FIN";
            case Reset _ -> "reset";
            case Silence _ -> "stays open";
        };
    }
}
