package io.tcplab.loadgen.connection;

import io.tcplab.loadgen.plan.Close;

/** Nothing is said: connect and close. */
final class SilentDialogue implements Dialogue {

    @Override
    public void begin(Connection connection, boolean last) {}

    @Override
    public int fill(Connection connection, int offset, Buffer output) {
        return 0;
    }

    @Override
    public boolean answers(Connection connection) {
        return false;
    }

    @Override
    public Progress received(Connection connection, Buffer input, int length) {
        return Progress.CORRUPTED;
    }

    @Override
    public boolean carriesCloseWish(Close close) {
        return false;
    }
}
