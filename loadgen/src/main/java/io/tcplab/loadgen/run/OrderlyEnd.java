package io.tcplab.loadgen.run;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Ctrl-C, SIGTERM and SIGHUP end a command in order: what runs is interrupted, the JVM goes on until its partial results are written and
 * this is closed, and the process ends with {@link ExitCode#INTERRUPTED} whatever the signal was.
 */
public final class OrderlyEnd implements AutoCloseable {

    private static final long LAST_WORDS_SECONDS = 20;

    /** Commands that run: a signal waits for their end. */
    private static final AtomicInteger RUNNING = new AtomicInteger();

    /** Set when the process ends by itself; volatile: the hook of {@link #fromTheStart} must see it. */
    private static volatile boolean over;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = Thread.ofPlatform().name("orderly-end").unstarted(this::signalled);

    private Runnable interrupt = OrderlyEnd::nothing;
    private boolean interrupted;

    private OrderlyEnd() {}

    private static void nothing() {}

    /** A signal that comes before anything runs, or between two commands, ends the process with the same exit code. */
    public static void fromTheStart() {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("early-end").unstarted(() -> {
                    if (!over && RUNNING.get() == 0) {
                        Runtime.getRuntime().halt(ExitCode.INTERRUPTED.code());
                    }
                }));
    }

    /** From now on the process ends by itself, with an exit code of its own. */
    public static void atTheEnd() {
        over = true;
    }

    /** From now on signals end the process in order. */
    public static OrderlyEnd onSignal() {
        OrderlyEnd end = new OrderlyEnd();
        int _ = RUNNING.incrementAndGet();
        try {
            Runtime.getRuntime().addShutdownHook(end.hook);
        } catch (IllegalStateException _) {
            // A signal has come before anything began: nothing is to be written, and the process is about to end.
            int _ = RUNNING.decrementAndGet();
            while (true) {
                LockSupport.park();
            }
        }
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
        int _ = RUNNING.decrementAndGet();
        try {
            boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // A signal has come: the hook ends the process.
        }
    }
}
