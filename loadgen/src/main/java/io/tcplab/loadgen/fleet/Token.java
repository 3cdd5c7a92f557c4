package io.tcplab.loadgen.fleet;

import io.tcplab.companion.control.TokenFile;
import io.tcplab.loadgen.run.BadUsage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The secret that a lead and its generators have in common. It never travels: each side shows by an HMAC (RFC 2104) over both sides' fresh
 * nonces that it knows it. Without one, which is possible on loopback alone, everybody there knows it.
 */
public final class Token {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int NONCE_BYTES = 16;
    private static final int LONGEST_NONCE = 64;

    private final String secret;

    private Token(String secret) {
        this.secret = secret;
    }

    /** Of the two ways to give it at most one may be used; throws BadUsage with a sentence. */
    public static Token of(@Nullable Path file, @Nullable String text) {
        if (file != null && text != null) {
            throw new BadUsage("Give --token-file or --token, not both.");
        }
        String secret = file == null ? text : read(file);
        if (secret != null && secret.isBlank()) {
            throw new BadUsage("--token is empty: give a secret.");
        }
        return new Token(secret == null ? "" : secret.strip());
    }

    private static String read(Path file) {
        try {
            return TokenFile.read(file);
        } catch (IOException e) {
            throw new BadUsage("The " + e.getMessage() + ".");
        }
    }

    /** Whether there is none. */
    public boolean isAbsent() {
        return secret.isEmpty();
    }

    static String nonce() {
        byte[] bytes = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** What {@code who}, {@code lead} or {@code join}, shows. */
    String proof(String who, String ofLead, String ofGenerator) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(("tcplab " + secret).getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return HexFormat.of()
                    .formatHex(mac.doFinal((who + " " + ofLead + " " + ofGenerator).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** Compares in constant time, so that the delay of the answer says nothing about the proof. */
    boolean isProved(@Nullable String shown, String who, String ofLead, @Nullable String ofGenerator) {
        return shown != null
                && ofGenerator != null
                && ofGenerator.length() <= LONGEST_NONCE
                && MessageDigest.isEqual(
                        shown.getBytes(StandardCharsets.UTF_8),
                        proof(who, ofLead, ofGenerator).getBytes(StandardCharsets.UTF_8));
    }
}
