package io.tcplab.loadgen.run;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C, SIGTERM and SIGHUP end a command in order: what runs is interrupted, the JVM goes on until its partial results are written and
 * this is closed, and the process ends with {@link ExitCode#INTERRUPTED} whatever the signal was.
 */
public final class OrderlyEnd implements AutoCloseable {

    private static final long LAST_WORDS_SECONDS = 20;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = Thread.ofPlatform().name("orderly-end").unstarted(this::signalled);

    private Runnable interrupt = OrderlyEnd::nothing;
    private boolean interrupted;

    private OrderlyEnd() {}

    private static void nothing() {}

    /** From now on signals end the process in order. */
    public static OrderlyEnd onSignal() {
        OrderlyEnd end = new OrderlyEnd();
        Runtime.getRuntime().addShutdownHook(end.hook);
        return end;
    }

    /** As {@link #onSignal()}, with what a signal interrupts. */
    public static OrderlyEnd onSignal(Runnable interrupt) {
        OrderlyEnd end = onSignal();
        end.interrupts(interrupt);
        return end;
    }

    /** What a signal interrupts from now on; at once, where the signal came before. */
    public synchronized void interrupts(Runnable action) {
        interrupt = action;
        if (interrupted) {
            action.run();
        }
    }

    private void signalled() {
        if (finished.getCount() == 0) {
            return;
        }
        synchronized (this) {
            interrupted = true;
            interrupt.run();
        }
        try {
            boolean _ = finished.await(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        // The JVM would end with 128 + the signal's number.
        Runtime.getRuntime().halt(ExitCode.INTERRUPTED.code());
    }

    /** Everything is written and removed: the process may end. */
    @Override
    public void close() {
        finished.countDown();
        try {
            boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // A signal has come: the hook ends the process.
        }
    }
}
