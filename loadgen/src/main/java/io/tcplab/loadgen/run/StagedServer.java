package io.tcplab.loadgen.run;

import io.tcplab.kernel.namespace.GuardedProgram;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.OwnServer;
import io.tcplab.loadgen.watch.ServerProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** A server of the user's that lives as long as the run, on the server's side. It and its children are gone when it is closed. */
final class StagedServer implements TargetUnderTest {

    private final OwnServer plan;
    private final Path directory;
    private final boolean fresh;
    private final GuardedProgram program;
    private final InetSocketAddress address;
    private final ProgramWatch watch;

    private StagedServer(
            OwnServer plan, Path directory, boolean fresh, GuardedProgram program, InetSocketAddress address) {
        this.plan = plan;
        this.directory = directory;
        this.fresh = fresh;
        this.program = program;
        this.address = address;
        this.watch = new ProgramWatch(program);
    }

    /** Starts it and returns once it is ready. */
    static StagedServer start(OwnServer plan, ServerPlace place) throws CannotRun {
        ServerStart start = new ServerStart(plan, place);
        start.refuseTakenPort();
        Path directory = directory(plan);
        boolean fresh = plan.directory() == null;
        GuardedProgram program = null;
        StagedServer started = null;
        try {
            program = GuardedProgram.start(
                    new GuardedProgram.Plan(plan.argv(), environment(plan, place, directory), directory),
                    place.namespace(),
                    start::line);
            started = new StagedServer(plan, directory, fresh, program, start.await(program));
            return started;
        } catch (IOException e) {
            throw new CannotRun("server.command cannot be started: " + e.getMessage() + ".", e);
        } finally {
            if (program != null && started == null) {
                program.close();
            }
            if (fresh && started == null) {
                remove(directory);
            }
        }
    }

    private static Path directory(OwnServer plan) throws CannotRun {
        String asked = plan.directory();
        try {
            if (asked == null) {
                // Workers of another user than ours must reach it.
                return Files.createTempDirectory(
                        "tcplab-server-",
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            }
            Path directory = Path.of(asked).toAbsolutePath();
            if (!Files.isDirectory(directory)) {
                throw new CannotRun("server.directory is " + asked + ", which is not a directory.");
            }
            return directory;
        } catch (IOException e) {
            throw new CannotRun("No directory can be made for the server: " + e.getMessage() + ".", e);
        }
    }

    private static Map<String, String> environment(OwnServer plan, ServerPlace place, Path directory) {
        Map<String, String> environment = new HashMap<>();
        environment.put("TCPLAB_PORT", Integer.toString(plan.port()));
        environment.put("TCPLAB_ADDRESS", place.addresses().getFirst().getHostAddress());
        environment.put("TCPLAB_DIRECTORY", directory.toString());
        environment.put("TCPLAB_JAVA", System.getProperty("java.home") + "/bin/java");
        environment.putAll(plan.environment());
        return environment;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public ServerProcess finish() {
        return watch.finish(plan.line());
    }

    @Override
    public void close() {
        watch.close();
        program.stop(plan.stop(), Duration.ofNanos(plan.stopTimeoutNanos()));
        if (fresh) {
            remove(directory);
        }
    }

    private static void remove(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            all.sorted((one, other) -> other.compareTo(one))
                    .forEach(path -> path.toFile().delete());
        } catch (IOException | RuntimeException _) {
            // What a server made unreadable stays in the system's directory of temporary files.
        }
    }
}
