package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.quote;

import io.tcplab.kernel.syscall.Signal;
import io.tcplab.loadgen.plan.OwnServer.Ready;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The keys of {@code server} for a server of the user's, which is started instead of a companion. */
final class OwnServerKeys {

    private static final int LAST_PORT = 65_535;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long LONGEST_WAIT_NANOS = 600 * NANOS_PER_SECOND;

    static final Key<ServerOptions, String> IMAGE = optional(
            "image",
            Shapes.text(
                    Pattern.compile("[a-z0-9][A-Za-z0-9._:/@-]{0,254}"), "the name of an image, such as nginx:1.27"),
            OwnServer::image,
            "the image of a container that the server runs in with --isolate docker; it must be on this host. command, where it is"
                    + " given, takes the place of the image's: a list of its arguments, a text of its entry point");
    static final Key<ServerOptions, CommandShape.Command> COMMAND = optional(
            "command",
            new CommandShape(),
            own -> own.command().isEmpty() ? null : new CommandShape.Command(own.command(), own.shell()),
            "your own server, started for the run and stopped after it: program and arguments, or one text for sh -c;"
                    + " TCPLAB_PORT, TCPLAB_ADDRESS, TCPLAB_DIRECTORY and TCPLAB_JAVA are in its environment");
    static final Key<ServerOptions, Integer> PORT =
            optional("port", Shapes.count(1, LAST_PORT), OwnServer::port, "where command listens");
    static final Key<ServerOptions, Ready> READY = of(
            "ready",
            new ReadyShape(),
            new Ready.Connect(),
            OwnServer::ready,
            "how tcplab recognises that command is ready");
    static final Key<ServerOptions, Long> READY_TIMEOUT = of(
            "readyTimeout",
            Shapes.nanos(1, LONGEST_WAIT_NANOS),
            10 * NANOS_PER_SECOND,
            OwnServer::readyTimeoutNanos,
            "how long command may take to become ready");
    static final Key<ServerOptions, Signal> STOP =
            of("stop", new SignalShape(), Signal.TERM, OwnServer::stop, "the signal that asks command to end");
    static final Key<ServerOptions, Long> STOP_TIMEOUT = of(
            "stopTimeout",
            Shapes.nanos(0, LONGEST_WAIT_NANOS),
            5 * NANOS_PER_SECOND,
            OwnServer::stopTimeoutNanos,
            "how long command may take to end before it and its children are killed");
    static final Key<ServerOptions, Map<String, String>> ENVIRONMENT = optional(
            "environment",
            new FreeKeys<>(
                    Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}"),
                    "is no name of an environment variable",
                    (_, _) -> {},
                    CommandShape.ARGUMENT),
            own -> own.environment().isEmpty() ? null : own.environment(),
            "environment variables of command, added to those of tcplab");
    static final Key<ServerOptions, String> DIRECTORY = optional(
            "directory",
            CommandShape.ARGUMENT,
            OwnServer::directory,
            "the working directory of command, where a relative path begins at the profile's directory; by default a fresh one,"
                    + " removed after the run. With image, a directory of the container");

    static final List<Key<ServerOptions, ?>> ALL =
            List.of(IMAGE, COMMAND, PORT, READY, READY_TIMEOUT, STOP, STOP_TIMEOUT, ENVIRONMENT, DIRECTORY);

    private OwnServerKeys() {}

    private static <T> Key<ServerOptions, T> optional(
            String name, Shape<T> shape, Function<OwnServer, @Nullable T> getter, String sentence) {
        return Key.optional(name, shape, of(getter), sentence);
    }

    private static <T> Key<ServerOptions, T> of(
            String name, Shape<T> shape, T otherwise, Function<OwnServer, @Nullable T> getter, String sentence) {
        return Key.of(name, shape, otherwise, of(getter), sentence);
    }

    private static <T> Function<ServerOptions, @Nullable T> of(Function<OwnServer, @Nullable T> getter) {
        return options -> {
            OwnServer own = options.own();
            return own == null ? null : getter.apply(own);
        };
    }

    /** Whether the section is about a server of the user's. */
    static boolean isGiven(Given given) {
        return given.has(COMMAND.name()) || given.has(IMAGE.name());
    }

    /** Reads what is given; the section has a command or an image. */
    static OwnServer read(Given given) {
        CommandShape.Command command = given.find(COMMAND);
        Integer port = given.find(PORT);
        if (port == null) {
            throw given.whole().meaning("has no port: where command or image listens");
        }
        Map<String, String> environment = given.find(ENVIRONMENT);
        return new OwnServer(
                given.find(IMAGE),
                command == null ? List.of() : command.words(),
                command != null && command.shell(),
                port,
                given.of(READY),
                given.of(READY_TIMEOUT),
                given.of(STOP),
                given.of(STOP_TIMEOUT),
                environment == null ? Map.of() : environment,
                directory(given));
    }

    /** Absolute once it is read, so that a result's profile names the same one; that of a container is not of this host. */
    private static @Nullable String directory(Given given) {
        String directory = given.find(DIRECTORY);
        Value written = given.place(DIRECTORY.name());
        if (directory == null || written == null || given.has(IMAGE.name())) {
            return directory;
        }
        try {
            return NamedFile.of(written, directory).toString();
        } catch (InvalidPathException _) {
            throw written.meaning("is no path on this system: " + quote(directory));
        }
    }
}
