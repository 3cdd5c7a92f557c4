package io.tcplab.loadgen.plan;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What follows a request's head. */
public sealed interface HttpBody {

    /** The longest body, in bytes. */
    int MOST_BYTES = 64 << 20;

    /** No body. */
    HttpBody NONE = new Text("");

    /** How many bytes it has. */
    int length();

    /** Bytes that are written out in the profile, in UTF-8. */
    record Text(String text) implements HttpBody {
        @Override
        public int length() {
            return octets().length;
        }

        /** Returns a new copy of its bytes. */
        public byte[] octets() {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    /** So many bytes of the pattern that the companion's responses have too. */
    record Generated(int length) implements HttpBody {}

    /**
     * The bytes that a file had when the profile was read.
     *
     * @param file absolute
     */
    record FromFile(Path file, Octets octets) implements HttpBody {
        @Override
        public int length() {
            return octets.length();
        }
    }
}
