package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.loadgen.connection.wire.UringWires;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.ClientOptions;
import io.tcplab.loadgen.plan.ClientOptions.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What serves the connections is what the profile asks for, and where it does not ask, a reason is given. */
@Timeout(20)
class TransportChoiceTest {

    private static ClientOptions client(String transport) {
        return Profiles.of("""
                name: transport
                connections: 1
                load: {closed: {concurrency: 1}}
                protocol: none
                mix: [{name: only, exchanges: 0}]
                target: 127.0.0.1:9
                """, "client.transport=" + transport).client();
    }

    @Test
    void whatIsAskedForIsTaken() {
        assertThat(TransportChoice.of(client("epoll")).transport()).isEqualTo(Transport.EPOLL);
        assertThat(TransportChoice.of(client("io_uring")).transport()).isEqualTo(Transport.IO_URING);
    }

    @Test
    void autoGivesItsReasonAndIsTheSameEachTime() {
        TransportChoice auto = TransportChoice.of(client("auto"));
        assertThat(auto.transport()).isNotEqualTo(Transport.AUTO);
        assertThat(auto.reason()).matches("auto: (a system call costs .* ns here.*|io_uring.*)");
        assertThat(TransportChoice.of(client("auto"))).isEqualTo(auto);
    }

    @Test
    void onlyAnInsistentProfileIsRefusedWhereThereIsNoIoUring() {
        assertThatCode(() -> TransportChoice.require(client("auto"))).doesNotThrowAnyException();
        if (UringWires.refusal() == null) {
            assertThatCode(() -> TransportChoice.require(client("io_uring"))).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> TransportChoice.require(client("io_uring")))
                    .isInstanceOf(CannotRun.class)
                    .hasMessageContaining("io_uring");
        }
    }
}
