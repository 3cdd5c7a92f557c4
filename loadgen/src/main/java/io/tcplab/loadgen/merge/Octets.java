package io.tcplab.loadgen.merge;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Base64;

/**
 * Bytes within a text.
 *
 * @param base64 as they travel (RFC 4648 §4)
 */
public record Octets(@JsonValue String base64) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Octets {}

    public static Octets of(byte[] bytes, int length) {
        return new Octets(Base64.getEncoder().encodeToString(Arrays.copyOf(bytes, length)));
    }

    /** Throws IllegalArgumentException where they are not Base64. */
    public byte[] bytes() {
        return Base64.getDecoder().decode(base64);
    }
}
