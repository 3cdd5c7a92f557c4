package io.tcplab.kernel.host;

import io.tcplab.kernel.HomeNamespace;
import io.tcplab.kernel.ProcFile;
import io.tcplab.kernel.host.SysctlRefused.Reason;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.Syscalls;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Kernel settings under /proc/sys, by their sysctl(8) name: {@code net.ipv4.tcp_tw_reuse}, or with slashes.
 *
 * <p>Keys of {@code net} follow the network namespace of the calling thread. They are written only in a namespace that
 * is not the one the process was started in, so that no setting of the host ever changes; other keys are never written.
 */
public final class Sysctl {
    private static final Pattern KEY = Pattern.compile("[a-zA-Z0-9_-]+([./][a-zA-Z0-9_@-]+)+");
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final int O_WRONLY = 1;

    private Sysctl() {}

    /** The value of {@code key} with its white space made single spaces; empty where it does not exist or is hidden. */
    public static Optional<String> read(String key) {
        return ProcFile.readIfPresent(path(key)).map(Sysctl::normalise);
    }

    /** The value of {@code key} if it exists and is one whole number. */
    public static OptionalLong readNumber(String key) {
        return read(key).map(Sysctl::number).orElse(OptionalLong.empty());
    }

    /**
     * Writes {@code value} and returns what is read back, normalised; where the kernel keeps a different value than it
     * was given, that is a refusal too. Throws SysctlRefused with the reason and the value held now.
     */
    public static String write(String key, String value) throws SysctlRefused {
        Path path = path(key);
        if (HomeNamespace.isHere() || !path.startsWith("/proc/sys/net")) {
            throw new SysctlRefused(key, value, Reason.HOST_NAMESPACE, read(key));
        }
        Errno errno = writeOnce(path, value);
        if (!errno.ok()) {
            throw new SysctlRefused(key, value, reason(errno), read(key));
        }
        Optional<String> readBack = read(key);
        if (readBack.isEmpty() || !sameValue(key, readBack.get(), value)) {
            throw new SysctlRefused(key, value, Reason.NOT_KEPT, readBack);
        }
        return readBack.get();
    }

    /** White space made single spaces and cut at both ends, as {@code "32768\t60999\n"} becomes {@code "32768 60999"}. */
    public static String normalise(String value) {
        return SPACE.matcher(value.strip()).replaceAll(" ");
    }

    /** Whether the kernel kept what it was given; it writes a list of ports in its own shortest form. */
    static boolean sameValue(String key, String readBack, String written) {
        if (key.endsWith("_reserved_ports")) {
            return PortSet.parse(readBack).equals(PortSet.parse(written));
        }
        return normalise(readBack).equals(normalise(written));
    }

    private static Path path(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("not a sysctl key: " + key);
        }
        // sysctl(8): where the first separator is a slash, dots belong to a name such as eth0.100.
        int slash = key.indexOf('/');
        int dot = key.indexOf('.');
        boolean slashes = slash >= 0 && (dot < 0 || slash < dot);
        return Path.of("/proc/sys", slashes ? key : key.replace('.', '/'));
    }

    private static OptionalLong number(String value) {
        try {
            return OptionalLong.of(Long.parseLong(value));
        } catch (NumberFormatException _) {
            return OptionalLong.empty();
        }
    }

    private static Errno writeOnce(Path path, String value) {
        int fd = Syscalls.open(path.toString(), O_WRONLY);
        if (fd < 0) {
            return Errno.ofResult(fd);
        }
        long written = Syscalls.write(fd, value + "\n");
        Errno closed = Errno.ofResult(Syscalls.close(fd));
        return written < 0 ? Errno.ofResult(written) : closed;
    }

    private static Reason reason(Errno errno) {
        return switch (errno) {
            case ENOENT -> Reason.ABSENT;
            case EACCES, EPERM, EROFS -> Reason.DENIED;
            default -> Reason.INVALID;
        };
    }
}
