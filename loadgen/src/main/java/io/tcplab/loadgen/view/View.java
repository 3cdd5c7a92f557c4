package io.tcplab.loadgen.view;

/**
 * What a person sees of a command while it runs. A command says what happens, from any thread; what is shown of it, and where, is the
 * view's own concern. It never throws, and closing it gives the terminal back before the result is printed.
 */
public interface View extends AutoCloseable {

    /** Shows nothing. */
    View NONE = new Unseen();

    /** Whether it draws what it is given: a command that prints lines of its own then prints none. */
    boolean draws();

    /** A run begins. What it reads is given to what this returns. */
    RunView begins(Undertaking undertaking);

    /**
     * One of several runs begins.
     *
     * @param sentence for example {@code round 2 of 5: keepalive}
     * @param done how many have ended
     * @param of how many there are to be; 0 = not known
     */
    void stage(String sentence, int done, int of);

    /** A sentence about the command. */
    void says(String sentence);

    /** What ends the command cleanly, where a key asks for that. */
    void endsBy(Runnable end);

    @Override
    void close();

    /** Shows nothing. */
    final class Unseen implements View {

        private Unseen() {}

        @Override
        public boolean draws() {
            return false;
        }

        @Override
        public RunView begins(Undertaking undertaking) {
            return RunView.UNSEEN;
        }

        @Override
        public void stage(String sentence, int done, int of) {}

        @Override
        public void says(String sentence) {}

        @Override
        public void endsBy(Runnable end) {}

        @Override
        public void close() {}
    }
}
