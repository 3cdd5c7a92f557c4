package io.tcplab.companion.control;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The companion as a process of its own: {@code --attached SETTINGS} for a parent, else the options of {@code tcplab serve}. */
public final class CompanionMain {

    static final String ATTACHED = "--attached";

    private CompanionMain() {}

    public static void main(String[] arguments) {
        if (arguments.length == 2 && arguments[0].equals(ATTACHED)) {
            PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
            int status = AttachedCompanion.serve(arguments[1], System.in, out);
            // Not exit: nothing is to be waited for once the parent is gone.
            Runtime.getRuntime().halt(status);
        }
        System.exit(ServeCommand.run(arguments));
    }
}
