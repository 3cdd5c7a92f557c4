package io.tcplab.kernel;

import java.util.Optional;
import java.util.stream.Stream;

/** The two sides of a connection: the one that connects and the one that listens. */
public enum Side {
    CLIENT("client"),
    SERVER("server");

    private final String word;

    Side(String word) {
        this.word = word;
    }

    /** {@code client} or {@code server}, as in files, keys and sentences. */
    public String word() {
        return word;
    }

    /** The peer's. */
    public Side other() {
        return this == CLIENT ? SERVER : CLIENT;
    }

    /** The side of this word, exactly as {@link #word} writes it. */
    public static Optional<Side> of(String word) {
        return Stream.of(values()).filter(side -> side.word.equals(word)).findFirst();
    }
}
