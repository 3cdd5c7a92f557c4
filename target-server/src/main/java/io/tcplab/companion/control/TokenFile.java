package io.tcplab.companion.control;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A secret in a file, so that it stands in no process's arguments. */
public final class TokenFile {

    private TokenFile() {}

    /** The secret, without white space around it; throws IOException whose message goes on behind "the" where there is none. */
    public static String read(Path file) throws IOException {
        String secret;
        try {
            secret = Files.readString(file).strip();
        } catch (NoSuchFileException missing) {
            throw new IOException("token file " + file + " does not exist", missing);
        } catch (IOException unreadable) {
            throw new IOException(
                    "token file " + file + " cannot be read: "
                            + (unreadable instanceof AccessDeniedException ? "EACCES" : unreadable.getMessage()),
                    unreadable);
        }
        if (secret.isEmpty()) {
            throw new IOException("token file " + file + " is empty; write a secret to it");
        }
        return secret;
    }
}
