package io.tcplab.loadgen.view;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The whole screen, drawn at most four times a second by a thread of its own, which reads the keys as well. The terminal is taken when the
 * first thing happens, and given back by {@link #close} or by the end of the process, whatever ends it.
 */
public final class LiveView implements View {

    private static final long FRAME_MILLIS = 250;
    private static final long JUDGE_NANOS = 1_000_000_000L;
    private static final long JOIN_MILLIS = 1_000;
    private static final int CTRL_L = 12;

    private final String command;
    private final Function<Boolean, View> otherwise;
    private final List<String> said = new ArrayList<>();
    private final Thread restoring = Thread.ofPlatform().name("view-end").unstarted(this::giveBack);
    private @Nullable View plain;
    private @Nullable Screen screen;
    private @Nullable Thread drawing;
    private RunTally run;
    private String stage = "";
    private int done;
    private int of;
    private long firstStageNanos;
    private @Nullable Runnable end;
    private boolean ending;
    private boolean closed;

    /**
     * Of a command, such as {@code tcplab run}.
     *
     * @param otherwise gives the view in lines: with one for each second where the terminal cannot be drawn on, and without for the
     *     sentences that are left when this one is closed
     */
    public LiveView(String command, Function<Boolean, View> otherwise) {
        this.command = command;
        this.otherwise = otherwise;
        this.run = new RunTally(Undertaking.NONE);
    }

    @Override
    public synchronized boolean draws() {
        open();
        return plain == null;
    }

    @Override
    public synchronized RunView begins(Undertaking undertaking) {
        open();
        if (plain != null) {
            return plain.begins(undertaking);
        }
        RunTally begun = new RunTally(undertaking, stage);
        begun.takeEvents(run);
        run = begun;
        return begun;
    }

    @Override
    public synchronized void stage(String sentence, int finished, int all) {
        open();
        if (plain != null) {
            plain.stage(sentence, finished, all);
            return;
        }
        firstStageNanos = stage.isEmpty() ? System.nanoTime() : firstStageNanos;
        stage = sentence;
        done = finished;
        of = all;
    }

    @Override
    public synchronized void says(String sentence) {
        open();
        if (plain != null) {
            plain.says(sentence);
            return;
        }
        said.add(sentence);
        run.says(System.nanoTime(), sentence);
    }

    @Override
    public synchronized void endsBy(Runnable how) {
        end = how;
    }

    /** Takes the terminal; where that fails, everything is said in lines. */
    private void open() {
        if (screen != null || plain != null || closed) {
            return;
        }
        try {
            Screen taken = Screen.open();
            screen = taken;
            Runtime.getRuntime().addShutdownHook(restoring);
            drawing = Thread.ofPlatform().name("view").daemon(true).start(() -> draw(taken));
        } catch (IOException | RuntimeException | LinkageError _) {
            plain = otherwise.apply(true);
        }
    }

    private void draw(Screen on) {
        Look look = Look.FIRST;
        Scene scene = null;
        long judgedNanos = System.nanoTime();
        try {
            while (true) {
                RunTally now;
                synchronized (this) {
                    if (closed) {
                        return;
                    }
                    now = run;
                }
                if (System.nanoTime() - judgedNanos >= JUDGE_NANOS) {
                    judgedNanos = System.nanoTime();
                    now.judge(judgedNanos);
                }
                scene = look.paused() && scene != null ? scene : staged(now.scene(command, System.nanoTime()));
                Canvas canvas = on.canvas();
                on.show(Frame.of(scene, look, canvas), canvas.width());
                look = answer(on, on.key(FRAME_MILLIS), look);
            }
        } catch (IOException | RuntimeException e) {
            giveUp(e);
        }
    }

    /** A fault of the view costs the view, not the run. */
    private void giveUp(Exception fault) {
        synchronized (this) {
            if (closed) {
                return; // the terminal was given back while a key was awaited
            }
        }
        giveBack();
        synchronized (this) {
            plain = otherwise.apply(true);
            plain.says("The live view ended: " + fault + ".");
        }
    }

    /** What a key does. */
    private Look answer(Screen on, int key, Look look) {
        return switch (key) {
            case 'q', 'Q' -> {
                end();
                yield look.pause(false);
            }
            case 'p', ' ' -> look.pause(!look.paused());
            case 'm' -> look.nextChart();
            case 'w' -> look.turn(Look.Page.WARNINGS);
            case '?', 'h' -> look.turn(Look.Page.HELP);
            case CTRL_L -> {
                on.forget();
                yield look;
            }
            default -> look;
        };
    }

    private void end() {
        Runnable how;
        synchronized (this) {
            how = end;
            ending = how != null;
        }
        if (how != null) {
            how.run();
        }
    }

    /** The scene of a run as one of several, where it is. */
    private synchronized Scene staged(Scene alone) {
        String state = ending ? "ending" : alone.state();
        if (stage.isEmpty()) {
            return alone.with(alone.title(), state, alone.progress());
        }
        Double inside = alone.progress().fraction();
        double fraction = of == 0 ? 0 : Math.min(1, (done + (inside == null ? 0 : inside)) / of);
        double passed = (System.nanoTime() - firstStageNanos) / 1e9;
        Scene.Progress progress = new Scene.Progress(
                passed,
                of == 0 ? null : fraction,
                of == 0 || done == 0 ? null : Math.max(0, passed / fraction * (1 - fraction)));
        String title =
                command + "  " + stage + (of == 0 ? "" : String.format(Locale.ROOT, " (%d of %d)", done + 1, of));
        return alone.with(title, state, progress);
    }

    /** Gives the terminal back. */
    private void giveBack() {
        Screen taken;
        synchronized (this) {
            closed = true;
            taken = screen;
        }
        if (taken != null) {
            taken.close();
        }
    }

    /** Gives the terminal back, and leaves there what was said meanwhile. */
    @Override
    public void close() {
        giveBack();
        Thread thread;
        List<String> left;
        synchronized (this) {
            thread = drawing;
            drawing = null;
            left = List.copyOf(said);
            said.clear();
        }
        try {
            boolean _ = Runtime.getRuntime().removeShutdownHook(restoring);
        } catch (IllegalStateException _) {
            // the process is ending: the hook has run, or runs
        }
        if (thread != null && !thread.equals(Thread.currentThread())) {
            try {
                thread.join(JOIN_MILLIS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
        try (View lines = otherwise.apply(false)) {
            left.forEach(lines::says);
        }
    }
}
