package io.tcplab.companion.control;

/**
 * Ends a companion's process that has no memory left: its port is free then, and whoever started it learns of it. Not
 * {@code -XX:+ExitOnOutOfMemoryError}, whose exit status 3 has a meaning of its own here and which does not see what libraries throw.
 */
final class OutOfMemory {

    private static final int STATUS = 1;

    private OutOfMemory() {}

    /** Never returns. Halts, since a shutdown hook would wait for event loops that are gone. */
    static void end() {
        try {
            System.err.println("tcplab: the companion is out of memory and exits; give its JVM more memory with -Xmx");
        } finally {
            Runtime.getRuntime().halt(STATUS);
        }
    }

    /** Ends the process where a thread dies of an OutOfMemoryError; other failures go to the thread's own handler as before. */
    static void endsTheProcess() {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            if (failure instanceof OutOfMemoryError) {
                end();
            }
            if (before != null) {
                before.uncaughtException(thread, failure);
            } else {
                System.err.println("tcplab: " + thread.getName() + ": " + failure);
            }
        });
    }
}
