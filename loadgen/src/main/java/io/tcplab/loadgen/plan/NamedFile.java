package io.tcplab.loadgen.plan;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A file that a profile names. */
final class NamedFile {

    private NamedFile() {}

    /**
     * Returns its absolute path: a relative one begins at the profile's directory, or, in an option, where the program was started.
     *
     * @throws InvalidPathException where the name cannot be a path
     */
    static Path of(Value value, String name) {
        Mark at = value.node().at();
        Path file = at.line() == 0 ? Path.of(name) : Path.of(at.source()).resolveSibling(name);
        return file.toAbsolutePath().normalize();
    }
}
