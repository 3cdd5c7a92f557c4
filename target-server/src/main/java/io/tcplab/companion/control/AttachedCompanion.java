package io.tcplab.companion.control;

import io.tcplab.companion.Companion;
import io.tcplab.companion.CompanionException;
import io.tcplab.companion.CompanionSettings;
import io.tcplab.kernel.observe.Observer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A companion as somebody's child: JSON lines on standard input and output, so that no control traffic touches TCP. It lives as
 * long as its standard input is open, which the kernel closes whatever way the parent ends.
 */
final class AttachedCompanion {

    private final PrintStream out;

    private AttachedCompanion(PrintStream out) {
        this.out = out;
    }

    /** Serves until the parent says stop or is gone; returns the exit status. */
    static int serve(String settings, InputStream in, PrintStream out) {
        AttachedCompanion attached = new AttachedCompanion(out);
        OutOfMemory.endsTheProcess();
        CompanionSettings read = SettingsJson.read(settings);
        try (Companion companion = Companion.start(read)) {
            // Makes the first answer once, unheard: without a free descriptor its classes could not be loaded any more.
            String _ = answer("counts", Map.of(), new Commands(companion, null));
            companion.whenOutOfMemory(OutOfMemory::end);
            attached.ready(companion);
            attached.obey(
                    new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)),
                    companion,
                    read.observeIntervalMillis());
            return 0;
        } catch (CompanionException | IllegalArgumentException refused) {
            attached.say(Json.object(to -> to.writeStringProperty("failed", String.valueOf(refused.getMessage()))));
            return 1;
        } catch (IOException gone) {
            return 0;
        }
    }

    private void ready(Companion companion) {
        say(Json.object(to -> {
            to.writeObjectPropertyStart("ready");
            to.writeStringProperty("host", companion.address().getAddress().getHostAddress());
            to.writeNumberProperty("port", companion.address().getPort());
            String certificate = companion.certificatePem();
            if (certificate != null) {
                to.writeStringProperty("certificate", certificate);
            }
            to.writeNumberProperty("pid", ProcessHandle.current().pid());
            to.writeEndObject();
        }));
    }

    private void obey(BufferedReader in, Companion companion, int observeIntervalMillis) throws IOException {
        Commands commands = new Commands(companion, null);
        boolean observes = false;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Map<String, @Nullable Object> request = Json.parse(line);
            String command = Json.string(request, "do", "");
            boolean stop = command.equals("stop");
            if (command.equals("observations") && !observes && observeIntervalMillis > 0) {
                // Not before it is asked for: a parent on the same host may see as much by itself.
                observes = true;
                commands = observing(companion, observeIntervalMillis);
            }
            say(answer(stop ? "counts" : command, request, commands));
            if (stop) {
                return;
            }
        }
    }

    private Commands observing(Companion companion, int observeIntervalMillis) {
        Observer.Settings settings = new Observer.Settings(
                companion.address().getPort(), Duration.ofMillis(observeIntervalMillis), Observer.DEFAULT_SHARE);
        try {
            return new Commands(companion, ObservationLog.start(settings));
        } catch (CompanionException refused) {
            return new Commands(companion, null);
        }
    }

    private static String answer(String command, Map<String, @Nullable Object> request, Commands commands) {
        long id = Json.integer(request, "id", 0);
        try {
            return Json.object(to -> {
                to.writeNumberProperty("id", id);
                commands.answer(command, request, to);
            });
        } catch (IllegalArgumentException | IllegalStateException refused) {
            return Json.object(to -> {
                to.writeNumberProperty("id", id);
                to.writeStringProperty("failed", String.valueOf(refused.getMessage()));
            });
        }
    }

    /** One line at a time, whichever thread has something to say. */
    private synchronized void say(String line) {
        out.print(line + "\n");
        out.flush();
    }
}
