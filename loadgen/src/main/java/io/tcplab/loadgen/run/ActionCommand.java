package io.tcplab.loadgen.run;

import io.tcplab.kernel.LastLines;
import io.tcplab.kernel.Printable;
import io.tcplab.kernel.ShortLines;
import io.tcplab.kernel.syscall.Forks;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command of an action. */
public final class ActionCommand {

    /** How long its last words are waited for: what it leaves running may hold its output open. */
    private static final Duration LAST_WORDS = Duration.ofMillis(300);

    private ActionCommand() {}

    /**
     * How it ended.
     *
     * @param exitCode 128 + N after signal N
     * @param why the last line that it printed on either stream; absent where it did not fail, or printed nothing
     */
    public record Ended(int exitCode, @Nullable String why) {

        /** Of a command that printed this last. */
        public static Ended of(int exitCode, String lastLine) {
            return new Ended(exitCode, exitCode == 0 || lastLine.isBlank() ? null : Printable.shortLine(lastLine));
        }
    }

    /** Runs it without input, and returns how it ended; a thread that is interrupted ends it with all that it has started. */
    public static Ended run(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = Forks.start(builder.redirectErrorStream(true));
        LastLines printed = new LastLines(1);
        Thread reader =
                Thread.ofPlatform().daemon().name("tcplab-action-output").start(() -> hear(process, printed));
        try {
            process.getOutputStream().close();
            int exitCode = process.waitFor();
            boolean _ = reader.join(LAST_WORDS);
            List<String> last = printed.all();
            return Ended.of(exitCode, last.isEmpty() ? "" : last.getLast());
        } catch (InterruptedException e) {
            // What it leaves running when it ends by itself, such as a daemon, is meant to stay; this is not.
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            throw e;
        } finally {
            process.destroyForcibly();
        }
    }

    private static void hear(Process process, LastLines printed) {
        try (InputStream output = process.getInputStream()) {
            ShortLines lines = new ShortLines(output);
            for (String line = lines.next(); line != null; line = lines.next()) {
                if (!line.isBlank()) {
                    String _ = printed.add(line);
                }
            }
        } catch (IOException _) {
            // It was ended; what it printed before is kept.
        }
    }
}
