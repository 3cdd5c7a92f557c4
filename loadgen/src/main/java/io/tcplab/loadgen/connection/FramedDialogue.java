package io.tcplab.loadgen.connection;

import io.tcplab.companion.protocol.CloseWish;
import io.tcplab.companion.protocol.Frame;
import io.tcplab.companion.protocol.Pattern;
import io.tcplab.loadgen.plan.Close;

/** The companion's protocol: a header that says how much to answer and how to close, then pattern bytes; the answer is verified in place. */
final class FramedDialogue implements Dialogue {

    @Override
    public void begin(Connection connection, boolean last) {
        connection.dialogueState = last ? wish(connection.member().close()) : CloseWish.KEEP_OPEN;
    }

    private static CloseWish wish(Close close) {
        if (close.by() == Close.By.CLIENT) {
            return CloseWish.KEEP_OPEN;
        }
        return switch (close.how()) {
            case FIN -> CloseWish.FIN;
            case RST -> CloseWish.RST;
            case HALF_CLOSE -> CloseWish.HALF_CLOSE;
            case LINGER -> CloseWish.LINGER;
            case ABANDON -> CloseWish.ABANDON;
        };
    }

    @Override
    public int fill(Connection connection, int offset, Buffer output) {
        int length = Math.min(output.size(), connection.requestBytes() - offset);
        int seed = connection.patternSeed();
        int header = 0;
        if (offset == 0) {
            CloseWish wish = connection.dialogueState instanceof CloseWish kept ? kept : CloseWish.KEEP_OPEN;
            Frame.encode(
                    output.address(),
                    wish,
                    connection.member().close().lingerSeconds(),
                    connection.requestBytes(),
                    connection.responseBytes(),
                    seed);
            header = Frame.HEADER_BYTES;
        }
        Pattern.copy(seed, offset + header, output.address() + header, length - header);
        return length;
    }

    @Override
    public boolean answers(Connection connection) {
        return connection.responseBytes() > 0;
    }

    @Override
    public Progress received(Connection connection, Buffer input, int length) {
        return verify(connection, connection.responseBytes(), input, length);
    }

    /** Compares with the pattern that the connection's exchange has. */
    static Progress verify(Connection connection, int expectedBytes, Buffer input, int length) {
        int from = connection.receivedBytes();
        if (length > expectedBytes - from
                || !Pattern.matches(input.address(), length, connection.patternSeed(), from)) {
            return Progress.CORRUPTED;
        }
        return from + length == expectedBytes ? Progress.COMPLETE : Progress.MORE;
    }
}
