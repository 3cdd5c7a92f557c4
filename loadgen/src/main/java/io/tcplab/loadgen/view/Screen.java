package io.tcplab.loadgen.view;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The whole terminal, for one thread that draws and reads keys; any thread may close it, which leaves everything as it was. The alternate
 * screen is used (DECSET 1049), so that what stood there before stands there afterwards. Ctrl-C stays a signal.
 */
final class Screen implements AutoCloseable {

    private static final String ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[H\u001b[2J";
    private static final String LEAVE = "\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l";

    private final Terminal terminal;
    private final @Nullable TerminalGuard guard;
    private final Attributes before;
    private final PrintWriter out;
    private final Keyboard keyboard;
    private final Palette palette = Palette.of(System.getenv());
    private List<String> shown = new ArrayList<>();
    private int shownWidth;
    private boolean closed;

    private Screen(Terminal terminal, @Nullable TerminalGuard guard) {
        this.terminal = terminal;
        this.guard = guard;
        this.out = terminal.writer();
        this.keyboard = new Keyboard(terminal.reader()::read);
        this.before = terminal.enterRawMode();
        Attributes raw = terminal.getAttributes();
        raw.setLocalFlag(LocalFlag.ISIG, true);
        // A stopped generator would lie still while its load is due.
        raw.setControlChar(ControlChar.VSUSP, 0);
        terminal.setAttributes(raw);
        out.print(ENTER);
        out.flush();
    }

    /** Takes the terminal; fails where there is none that can be drawn on. */
    static Screen open() throws IOException {
        Terminal terminal = TerminalBuilder.builder()
                .name("tcplab")
                .system(true)
                .provider(TerminalBuilder.PROP_PROVIDER_FFM)
                .dumb(false)
                .nativeSignals(false)
                // It would ask the terminal, whose answer comes as keys where it comes late.
                .graphemeCluster(false)
                .build();
        if (terminal.getType().startsWith(Terminal.TYPE_DUMB)) {
            terminal.close();
            throw new IOException("the terminal is dumb");
        }
        return new Screen(terminal, TerminalGuard.start(LEAVE));
    }

    /** Its size and abilities now. */
    Canvas canvas() {
        int width = terminal.getColumns();
        int height = terminal.getRows();
        return new Canvas(width > 0 ? width : 80, height > 0 ? height : 24, palette, Glyphs.of(terminal.encoding()));
    }

    /** Waits for a key; {@link Keyboard#NONE} where none came. */
    int key(long millis) throws IOException {
        return keyboard.key(millis);
    }

    /** Forgets what it has drawn, so that the next frame is drawn as a whole. */
    synchronized void forget() {
        shown = new ArrayList<>();
    }

    /** Draws the lines that differ from those that stand there; each is as wide as the screen. */
    synchronized void show(List<String> lines, int width) {
        if (closed) {
            return;
        }
        if (width != shownWidth || lines.size() != shown.size()) {
            shown = new ArrayList<>();
            shownWidth = width;
            out.print("\u001b[0m\u001b[2J");
        }
        for (int i = 0; i < lines.size(); i++) {
            if (i >= shown.size() || !lines.get(i).equals(shown.get(i))) {
                out.print("\u001b[");
                out.print(i + 1);
                out.print(";1H");
                out.print(lines.get(i));
            }
        }
        shown = lines;
        out.flush();
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        out.print(LEAVE);
        out.flush();
        try {
            terminal.setAttributes(before);
            terminal.close();
        } catch (IOException | RuntimeException _) {
            // nothing is left that could be tried
        } finally {
            if (guard != null) {
                guard.close();
            }
        }
    }
}
