package io.tcplab.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The network namespace that the process was started in: the one whose settings are never ours to change.
 *
 * <p>A namespace is known by its inode, as in {@code net:[4026531840]} (namespaces(7)). The first thread of a process
 * never leaves the namespace it was born in here, so /proc/self is home and /proc/thread-self is where the caller is.
 */
public final class HomeNamespace {
    private static final String AT_START = link("/proc/self/ns/net");

    private HomeNamespace() {}

    /** Whether the calling thread is in the network namespace that the process was started in. */
    public static boolean isHere() {
        String here = here();
        return here.equals(AT_START) || here.equals(link("/proc/self/ns/net"));
    }

    /** The name of the calling thread's network namespace, as {@code net:[inode]}. */
    public static String here() {
        return link("/proc/thread-self/ns/net");
    }

    /** The name of the network namespace that the process was started in, as {@code net:[inode]}. */
    public static String name() {
        return AT_START;
    }

    private static String link(String path) {
        try {
            return Files.readSymbolicLink(Path.of(path)).toString();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }
}
