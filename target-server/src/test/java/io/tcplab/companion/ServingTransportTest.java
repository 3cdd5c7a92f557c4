package io.tcplab.companion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What serves, and why. */
@Timeout(20)
class ServingTransportTest {

    @AfterEach
    void forget() {
        System.clearProperty(ServingTransport.PROPERTY);
    }

    @Test
    void whatIsAskedForServes() throws CompanionException {
        System.setProperty(ServingTransport.PROPERTY, "epoll");
        assertThat(ServingTransport.choose().uring()).isFalse();
        System.setProperty(ServingTransport.PROPERTY, "io_uring");
        String refusal = ServingTransport.refusal();
        if (refusal == null) {
            assertThat(ServingTransport.choose().uring()).isTrue();
        } else {
            assertThatThrownBy(ServingTransport::choose).hasMessageContaining(refusal);
        }
    }

    @Test
    void otherwiseTheReasonIsTheRefusalOrThePriceOfACall() throws CompanionException {
        String refusal = ServingTransport.refusal();
        ServingTransport chosen = ServingTransport.choose();
        if (refusal == null) {
            assertThat(chosen.reason()).matches("a system call costs (only )?\\d+ ns here");
        } else {
            assertThat(chosen).isEqualTo(new ServingTransport(false, refusal));
        }
    }
}
