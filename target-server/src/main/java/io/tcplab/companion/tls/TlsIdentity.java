package io.tcplab.companion.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A certificate that is shown to peers, and its private key.
 *
 * @param certificatePem the certificate, and behind it those that lead to its authority
 * @param keyPem the key, without a password
 */
public record TlsIdentity(String certificatePem, String keyPem) {

    private static final int MOST_BYTES = 1 << 20;
    private static final String KEY = "PRIVATE KEY";

    /** In PKCS #8 (RFC 7468 §11), and in the older form of OpenSSL (RFC 1421 §4.6.1.1). */
    private static final Pattern ENCRYPTED =
            Pattern.compile("-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED", Pattern.MULTILINE);

    /** Reads both from files in PEM; IllegalArgumentException, in a sentence, where one cannot be read. */
    public static TlsIdentity read(Path certificate, Path key) {
        return new TlsIdentity(pem(certificate, "CERTIFICATE"), pem(key, KEY));
    }

    private static String pem(Path file, String label) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new IllegalArgumentException(
                        "the file " + file + " is too large for a " + label.toLowerCase(Locale.ROOT));
            }
            String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            if (!text.contains(label + "-----")) {
                throw new IllegalArgumentException(
                        "the file " + file + " holds no " + label.toLowerCase(Locale.ROOT) + " in PEM");
            }
            if (label.equals(KEY) && ENCRYPTED.matcher(text).find()) {
                throw new IllegalArgumentException("the private key in " + file
                        + " is encrypted by a password; write it without one: openssl pkey -in " + file.getFileName()
                        + " -out plain.pem");
            }
            return text;
        } catch (NoSuchFileException missing) {
            throw new IllegalArgumentException("the file " + file + " does not exist", missing);
        } catch (AccessDeniedException denied) {
            throw new IllegalArgumentException("the file " + file + " may not be read (EACCES)", denied);
        } catch (IOException broken) {
            throw new IllegalArgumentException("the file " + file + " cannot be read: " + broken.getMessage(), broken);
        }
    }

    /** The key is nobody's to read. */
    @Override
    public String toString() {
        return "TlsIdentity";
    }
}
