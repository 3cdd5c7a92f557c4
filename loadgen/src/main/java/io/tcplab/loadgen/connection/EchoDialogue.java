package io.tcplab.loadgen.connection;

import io.tcplab.companion.protocol.Pattern;
import io.tcplab.loadgen.plan.Close;

/** The peer sends back what it receives: the response is the request's bytes. */
final class EchoDialogue implements Dialogue {

    @Override
    public void begin(Connection connection, boolean last) {}

    @Override
    public int fill(Connection connection, int offset, Buffer output) {
        int length = Math.min(output.size(), connection.requestBytes() - offset);
        Pattern.copy(connection.patternSeed(), offset, output.address(), length);
        return length;
    }

    @Override
    public boolean answers(Connection connection) {
        return connection.requestBytes() > 0;
    }

    @Override
    public Progress received(Connection connection, Buffer input, int length) {
        return FramedDialogue.verify(connection, connection.requestBytes(), input, length);
    }

    @Override
    public boolean carriesCloseWish(Close close) {
        return false;
    }
}
