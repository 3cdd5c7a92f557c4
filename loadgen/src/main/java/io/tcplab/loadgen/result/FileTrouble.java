package io.tcplab.loadgen.result;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why a file could not be read or written, in words: several exceptions of {@link java.nio.file} have the file's name as their message. */
public final class FileTrouble {

    private FileTrouble() {}

    /** The reason, with the file's name where it is known, without a full stop. */
    public static String of(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> missing.getFile() + " does not exist";
            case AccessDeniedException denied -> denied.getFile() + ": permission denied (EACCES)";
            case FileAlreadyExistsException taken -> taken.getFile() + " is a file, not a directory";
            case FileSystemException failed
            when failed.getReason() != null -> failed.getFile() + ": " + failed.getReason();
            case CharacterCodingException _ -> "a file is not text in UTF-8";
            default -> String.valueOf(e.getMessage());
        };
    }
}
