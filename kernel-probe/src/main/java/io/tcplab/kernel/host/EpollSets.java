package io.tcplab.kernel.host;

import io.tcplab.kernel.ProcFile;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a process waits for by epoll(7), as {@code /proc/PID/fdinfo} lists it (proc_pid_fdinfo(5)). */
final class EpollSets {
    /** A server makes its epoll descriptors early, as it does its listeners. */
    private static final int FIRST_DESCRIPTORS = 256;

    /** {@code tfd: 8 events: 19 data: 8 pos:0 ino:5f2a sdev:9}: the inode is a hexadecimal number ({@code ep_show_fdinfo}). */
    private static final Pattern INODE = Pattern.compile("^tfd:.* ino:([0-9a-f]{1,15}) ");

    private EpollSets() {}

    /** Those of the sockets, by inode, that the process waits for; none where that is hidden. */
    static Set<Long> of(long pid, Set<Long> sockets) {
        Set<Long> found = new HashSet<>();
        Path process = Path.of("/proc", Long.toString(pid));
        int looked = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : all) {
                if (looked++ == FIRST_DESCRIPTORS) {
                    break;
                }
                if (isEpoll(descriptor)) {
                    ProcFile.linesIfPresent(process.resolve("fdinfo").resolve(descriptor.getFileName()))
                            .orElse(List.of())
                            .forEach(line -> addInode(line, sockets, found));
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            // It has ended, or belongs to another user.
        }
        return found;
    }

    private static boolean isEpoll(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().equals("anon_inode:[eventpoll]");
        } catch (IOException _) {
            return false;
        }
    }

    private static void addInode(String line, Set<Long> sockets, Set<Long> found) {
        Matcher inode = INODE.matcher(line);
        if (inode.find()) {
            long number = Long.parseLong(inode.group(1), 16);
            if (sockets.contains(number)) {
                found.add(number);
            }
        }
    }
}
