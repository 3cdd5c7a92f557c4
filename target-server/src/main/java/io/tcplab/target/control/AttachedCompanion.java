package io.tcplab.target.control;

import io.tcplab.target.Companion;
import io.tcplab.target.CompanionException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
        try (Companion companion = Companion.start(SettingsJson.read(settings))) {
            attached.ready(companion);
            attached.obey(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)), companion);
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
            to.writeNumberProperty("pid", ProcessHandle.current().pid());
            to.writeEndObject();
        }));
    }

    private void obey(BufferedReader in, Companion companion) throws IOException {
        Commands commands = new Commands(companion);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Map<String, @Nullable Object> request = Json.parse(line);
            String command = Json.string(request, "do", "");
            boolean stop = command.equals("stop");
            say(answer(stop ? "counts" : command, request, commands));
            if (stop) {
                return;
            }
        }
    }

    private static String answer(String command, Map<String, @Nullable Object> request, Commands commands) {
        long id = Json.integer(request, "id", 0);
        try {
            return Json.object(to -> {
                to.writeNumberProperty("id", id);
                commands.answer(command, request, to);
            });
        } catch (IllegalArgumentException unknown) {
            return Json.object(to -> {
                to.writeNumberProperty("id", id);
                to.writeStringProperty("failed", String.valueOf(unknown.getMessage()));
            });
        }
    }

    /** One line at a time, whichever thread has something to say. */
    private synchronized void say(String line) {
        out.print(line + "\n");
        out.flush();
    }
}
