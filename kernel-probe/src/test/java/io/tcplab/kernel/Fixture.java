package io.tcplab.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;

/** What kernels have said, kept beside the tests that read it. */
public final class Fixture {
    private Fixture() {}

    /** The bytes of a resource in the package of {@code test}. */
    public static byte[] bytes(Class<?> test, String name) {
        try (InputStream in = Objects.requireNonNull(test.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The text of a resource. */
    public static String text(Class<?> test, String name) {
        return new String(bytes(test, name), StandardCharsets.ISO_8859_1);
    }

    /** The bytes that a resource spells in hexadecimal. */
    public static byte[] hex(Class<?> test, String name) {
        return HexFormat.of().parseHex(text(test, name).replaceAll("\\s", ""));
    }
}
