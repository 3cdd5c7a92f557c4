package io.tcplab.loadgen.fleet;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.run.RemoteOptions;
import io.tcplab.loadgen.watch.TimelineRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A lead and generators of a test: in threads, or generators in processes that can be killed. */
final class Fleet implements AutoCloseable {

    static final String SECRET = "a secret of this test";

    private final Path home;
    private final ExecutorService threads;
    private final List<Process> processes = new ArrayList<>();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final List<TimelineRow> rows = new CopyOnWriteArrayList<>();
    private @Nullable LeadSession session;

    Fleet(Path home) {
        this(home, Executors.newCachedThreadPool());
    }

    private Fleet(Path home, ExecutorService threads) {
        this.home = home;
        this.threads = threads;
    }

    /** Lead and generators live in the namespace. */
    static Fleet in(NetworkNamespace namespace, Path home) {
        return new Fleet(
                home,
                Executors.newCachedThreadPool(work -> new Thread(() -> {
                    try {
                        namespace.enter();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    work.run();
                })));
    }

    static Token token() {
        return Token.of(null, SECRET);
    }

    Path out() {
        return home.resolve("result");
    }

    /** What the lead has said. */
    List<String> said() {
        return said;
    }

    /** What the kernels showed, as the lead puts it together. */
    List<TimelineRow> rows() {
        return rows;
    }

    Profile profile(String yaml) throws IOException {
        Path file = Files.createTempFile(home, "profile", ".yaml");
        Files.writeString(file, yaml);
        return ProfileReader.read(file, List.of());
    }

    /** Starts a lead; its results, once they are there. */
    CompletableFuture<List<GroupResult>> lead(Profile profile, int generators, String... groups) {
        return lead(profile, generators, 0, groups);
    }

    CompletableFuture<List<GroupResult>> lead(Profile profile, int generators, int port, String... groups) {
        LeadRequest request = new LeadRequest(
                profile,
                RemoteOptions.NONE,
                generators,
                new Endpoint("127.0.0.1", port),
                token(),
                List.of(groups),
                out(),
                home);
        LeadSession started = new LeadSession(request, _ -> {}, rows::add, said::add);
        session = started;
        return CompletableFuture.supplyAsync(
                () -> {
                    try (started) {
                        return started.run();
                    } catch (CannotRun e) {
                        throw new CompletionException(e);
                    }
                },
                threads);
    }

    LeadSession session() {
        if (session == null) {
            throw new IllegalStateException("there is no lead yet");
        }
        return session;
    }

    Endpoint address() throws Exception {
        return session().listening().get(20, TimeUnit.SECONDS);
    }

    /** A generator in a thread; completes when its lead let it go. */
    CompletableFuture<Void> join(Endpoint lead, Token token, @Nullable String group) {
        JoinSession joining =
                new JoinSession(new JoinRequest(lead, token, group, Duration.ofSeconds(30)), _ -> {}, _ -> {});
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        joining.run();
                    } catch (CannotRun e) {
                        throw new CompletionException(e);
                    }
                },
                threads);
    }

    CompletableFuture<Void> join() throws Exception {
        return join(address(), token(), null);
    }

    /** A generator in a thread that cannot run what it is asked to, for this reason; completes when it has said so. */
    CompletableFuture<Void> joinInVain(String reason) throws Exception {
        Endpoint lead = address();
        return CompletableFuture.runAsync(
                () -> {
                    try (MessageStream stream = new MessageStream(new Socket(lead.host(), lead.port()))) {
                        Message message = next(stream);
                        while (!(message instanceof Message.Prepare)) {
                            if (message instanceof Message.Greeting greeting) {
                                String nonce = Token.nonce();
                                String proof = token().proof("join", greeting.nonce(), nonce);
                                stream.write(new Message.Hello(nonce, proof, Machine.here(), null));
                            }
                            stream.write(new Message.Alive());
                            message = next(stream);
                        }
                        stream.write(new Message.Failed(reason));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                threads);
    }

    private static Message next(MessageStream from) throws IOException {
        return from.read(MessageStream.MOST_BYTES, System.nanoTime() + TimeUnit.SECONDS.toNanos(10));
    }

    /** The command line in a process of its own. */
    Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "io.tcplab.loadgen.cli.Tcplab"));
        command.addAll(List.of(arguments));
        Path log = Files.createTempFile(home, "process", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        processes.add(process);
        return process;
    }

    Path tokenFile() throws IOException {
        return Files.writeString(home.resolve("token"), SECRET + "\n");
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        threads.shutdownNow();
    }
}
