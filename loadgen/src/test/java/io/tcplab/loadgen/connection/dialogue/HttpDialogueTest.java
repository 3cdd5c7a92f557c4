package io.tcplab.loadgen.connection.dialogue;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.tcplab.loadgen.connection.dialogue.Dialogue.Progress;
import io.tcplab.loadgen.connection.wire.Buffer;
import io.tcplab.loadgen.plan.Close;
import io.tcplab.loadgen.plan.HttpBody;
import io.tcplab.loadgen.plan.HttpExpectation;
import io.tcplab.loadgen.plan.Protocol;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The hot path of HTTP: nothing is allocated for an exchange. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class HttpDialogueTest {

    private static final int EXCHANGES = 20_000;

    private static final class Held implements Conversation {
        private @Nullable Object state;

        @Override
        public Close close() {
            return Close.CLIENT_FIN;
        }

        @Override
        public int requestBytes() {
            return 0;
        }

        @Override
        public void requestBytes(int bytes) {}

        @Override
        public int responseBytes() {
            return 0;
        }

        @Override
        public int receivedBytes() {
            return 0;
        }

        @Override
        public int patternSeed() {
            return 0;
        }

        @Override
        public void receivedEarly(int bytes) {}

        @Override
        public long index() {
            return 0;
        }

        @Override
        public int exchange() {
            return 0;
        }

        @Override
        public long random(int draw) {
            return 0;
        }

        @Override
        public void stepped(int step) {}

        @Override
        public @Nullable Object state() {
            return state;
        }

        @Override
        public void state(@Nullable Object kept) {
            state = kept;
        }
    }

    private final Buffer output = new Buffer(1 << 16);
    private final Buffer input = new Buffer(1 << 16);
    private final Held conversation = new Held();

    private void exchange(Dialogue dialogue, int length) {
        dialogue.begin(conversation, false);
        int sent = dialogue.fill(conversation, 0, output);
        Progress progress = dialogue.received(conversation, input, length);
        boolean good = sent == dialogue.sendableBytes(conversation)
                && progress == Progress.COMPLETE
                && dialogue.surprise() == null
                && dialogue.status() == 200;
        if (!good) {
            throw new AssertionError(progress + " " + dialogue.status());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
            })
    void anExchangeAllocatesNothing(String response) {
        Dialogue dialogue = new HttpDialogue(
                new Protocol.Http(
                        "POST",
                        "/",
                        "1.1",
                        Map.of(),
                        new HttpBody.Text("a body"),
                        new HttpExpectation(List.of("200"), null)),
                "127.0.0.1:80");
        byte[] bytes = response.getBytes(StandardCharsets.US_ASCII);
        input.bytes().clear().put(bytes);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < EXCHANGES; i++) {
                exchange(dialogue, bytes.length);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least / EXCHANGES).as("bytes for each").isZero();
    }
}
