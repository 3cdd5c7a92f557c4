package io.tcplab.loadgen.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.host.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReceptionIT {

    private static final int FAR_MORE_STRANGERS = 20 * Reception.MOST_STRANGERS;

    private final Token token = Token.of(null, "a secret of this test");
    private final BlockingQueue<Reception.Guest> admitted = new LinkedBlockingQueue<>();
    private final List<Socket> strangers = new ArrayList<>();
    private Reception reception;

    @BeforeEach
    void open() throws Exception {
        reception = Reception.open(new Endpoint("127.0.0.1", 0), token, _ -> null, admitted::add, _ -> {});
    }

    @AfterEach
    void close() throws IOException {
        for (Socket stranger : strangers) {
            stranger.close();
        }
        admitted.forEach(guest -> guest.stream().close());
        reception.close();
    }

    @Test
    void whoHasShownTheTokenStaysHoweverManyStrangersComeAfterIt() throws Exception {
        try (MessageStream guest = connect()) {
            sayHello(guest, null);
            assertThat(next(guest)).isInstanceOf(Message.Welcome.class);
            strangersCome();
            guest.write(new Message.Alive());
            assertThat(admitted.poll(10, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void whoHasNotShownTheTokenGoesWhereManyOthersCome() throws Exception {
        try (MessageStream silent = connect()) {
            assertThat(next(silent)).isInstanceOf(Message.Greeting.class);
            strangersCome();
            assertThatThrownBy(() -> next(silent)).isInstanceOf(IOException.class);
        }
        assertThat(admitted).isEmpty();
    }

    @Test
    void whoWouldHaveAResultElsewhereIsRefused() throws Exception {
        try (MessageStream guest = connect()) {
            sayHello(guest, "..");
            assertThat(next(guest)).isEqualTo(new Message.Refused(GroupName.RULE));
        }
    }

    private MessageStream connect() throws IOException {
        return new MessageStream(
                new Socket(reception.address().getAddress(), reception.address().getPort()));
    }

    private void sayHello(MessageStream guest, @Nullable String group) throws IOException {
        if (next(guest) instanceof Message.Greeting greeting) {
            String nonce = Token.nonce();
            guest.write(new Message.Hello(nonce, token.proof("join", greeting.nonce(), nonce), Machine.here(), group));
        }
    }

    private static Message next(MessageStream from) throws IOException {
        return from.read(MessageStream.MOST_BYTES, System.nanoTime() + TimeUnit.SECONDS.toNanos(10));
    }

    /** Each is known to have come in: it was greeted. */
    private void strangersCome() throws IOException {
        InetAddress address = reception.address().getAddress();
        for (int i = 0; i < FAR_MORE_STRANGERS; i++) {
            Socket stranger = new Socket(address, reception.address().getPort());
            strangers.add(stranger);
            assertThat(stranger.getInputStream().read()).isZero();
        }
    }
}
